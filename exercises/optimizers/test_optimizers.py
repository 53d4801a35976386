"""Public checks of the unit optimizers: `pytest exercises/optimizers`."""

from torch import tensor

from backpass.cases import example
from backpass.checks import agree, check, leaves_inputs_alone

FIRST_STEP = example(
    param=tensor([1.0]),
    grad=tensor([0.5]),
    m=tensor([0.0]),
    v=tensor([0.0]),
    t=1,
    lr=0.1,
    returns=(tensor([0.9]), tensor([0.05]), tensor([0.00025])),
)
LATER_STEPS = (
    example(
        param=tensor([1.0, -2.0, 0.5]),
        grad=tensor([0.5, -0.3, 0.0]),
        m=tensor([0.1, 0.2, 0.0]),
        v=tensor([0.04, 0.01, 0.0]),
        t=3,
        lr=0.1,
        beta1=0.8,
        beta2=0.9,
        eps=0.01,
        returns=(
            tensor([0.92386, -2.076541, 0.5]),
            tensor([0.18, 0.1, 0.0]),
            tensor([0.061, 0.018, 0.0]),
        ),
    ),
    example(
        param=tensor([[0.5, -1.0], [2.0, 0.0]]),
        grad=tensor([[1.0, -2.0], [0.25, 0.5]]),
        m=tensor([[0.3, -0.6], [0.1, -0.2]]),
        v=tensor([[0.02, 0.5], [0.001, 0.04]]),
        t=10,
        lr=0.05,
        beta1=0.7,
        beta2=0.95,
        eps=0.1,
        returns=(
            tensor([[0.449014, -0.962432], [1.96284, -0.001131]]),
            tensor([[0.51, -1.02], [0.145, 0.01]]),
            tensor([[0.069, 0.675], [0.004075, 0.0505]]),
        ),
    ),
)


@check("optimizers.adam_step", FIRST_STEP)
def test_adam_step_takes_the_first_step(student, cases):
    agree(student, cases)


@check("optimizers.adam_step", *LATER_STEPS)
def test_adam_step_goes_on_from_its_state(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "optimizers.clip_grad_norm",
    example(
        grads=[tensor([2.0, 1.0]), tensor([[2.0]])],
        max_norm=1.5,
        returns=([tensor([1.0, 0.5]), tensor([[1.0]])], tensor(3.0)),
    ),
    example(
        grads=[tensor([3.0, 4.0]), tensor([12.0])],
        max_norm=6.5,
        returns=([tensor([1.5, 2.0]), tensor([6.0])], tensor(13.0)),
    ),
)
def test_clip_grad_norm_shortens_long_gradients(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "optimizers.clip_grad_norm",
    example(
        grads=[tensor([2.0, 1.0]), tensor([[2.0]])],
        max_norm=10.0,
        returns=([tensor([2.0, 1.0]), tensor([[2.0]])], tensor(3.0)),
    ),
    example(grads=[tensor([0.0, 0.0])], max_norm=1.0, returns=([tensor([0.0, 0.0])], tensor(0.0))),
)
def test_clip_grad_norm_leaves_short_gradients_alone(student, cases):
    agree(student, cases)
