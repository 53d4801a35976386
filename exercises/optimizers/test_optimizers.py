"""Public checks of the unit optimizers: `pytest exercises/optimizers`."""

import torch
from torch import tensor

from backpass.judging.assertions import agree, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check
from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from backpass.worker.wire import Seed


def parabola(w):
    """w -> 2 (w - 3)"""
    return 2 * (w - 3)


def ravine(w):
    """w -> [1, 8] * w"""
    return w.new_tensor([1.0, 8.0]) * w


def twice(w):
    """w -> 2 w"""
    return 2 * w


@check(
    "optimizers.gradient_descent",
    example(
        grad_fn=parabola,
        start=tensor(0.0),
        lr=0.1,
        steps=3,
        returns=[tensor(0.0), tensor(0.6), tensor(1.08), tensor(1.464)],
    ),
    example(
        grad_fn=ravine,
        start=tensor([4.0, 1.0]),
        lr=0.2,
        steps=2,
        returns=[tensor([4.0, 1.0]), tensor([3.2, -0.6]), tensor([2.56, 0.36])],
    ),
)
def test_gradient_descent_lists_every_point(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


DEALS = ((10, 4), (6, 3), (3, 8), (7, 1))


@check("optimizers.minibatches")
def test_minibatches_deal_each_sample_once(student):
    calls = [Call({"num_samples": n, "batch_size": size, "generator": Seed(n)}) for n, size in DEALS]
    for (n, size), batches in zip(DEALS, student.values(calls), strict=True):
        if not isinstance(batches, list | tuple) or not all(isinstance(batch, torch.Tensor) for batch in batches):
            raise Fault("wrong_type", "Return a list of index tensors, one a batch.")
        sizes = [batch.numel() for batch in batches]
        wanted = [min(size, n - first) for first in range(0, n, size)]
        case = f"{n} samples in batches of {size}"
        if sizes != wanted:
            raise Fault("wrong_sizes", f"For {case} your batches have {sizes} samples, and should have {wanted}.")
        if sorted(int(index) for batch in batches for index in batch.reshape(-1)) != list(range(n)):
            raise Fault("not_each_once", f"For {case} not every index from 0 to {n - 1} is there exactly once.")


@check("optimizers.minibatches")
def test_minibatches_are_shuffled_by_the_generator(student):
    calls = [Call({"num_samples": 100, "batch_size": 30, "generator": Seed(seed)}) for seed in (1, 1, 2)]
    first, again, other = (torch.cat(list(batches)) for batches in student.values(calls))
    if torch.equal(first, torch.arange(100)):
        raise Fault("not_shuffled", "The samples come in their own order: shuffle them, anew in every epoch.")
    if not torch.equal(first, again):
        raise Fault(
            "generator_ignored", "Two generators with the same seed deal differently: draw from `generator` only."
        )
    if torch.equal(first, other):
        raise Fault(
            "always_the_same_order", "Generators with different seeds deal the same batches: draw from `generator`."
        )
    one, two = student.values([Call({"num_samples": 100, "batch_size": 30, "generator": Seed(1)}, times=2)])[0]
    if torch.equal(torch.cat(list(one)), torch.cat(list(two))):
        raise Fault(
            "generator_not_advanced", "Two epochs with one generator are dealt alike: do not seed the generator again."
        )


@check(
    "optimizers.sgd_step",
    example(param=tensor([1.0, -2.0]), grad=tensor([0.5, -1.0]), lr=0.1, returns=tensor([0.95, -1.9])),
    example(
        param=tensor([[0.5, -1.0], [2.0, 0.0]]),
        grad=tensor([[1.0, -2.0], [0.25, 0.5]]),
        lr=0.3,
        returns=tensor([[0.2, -0.4], [1.925, -0.15]]),
    ),
)
def test_sgd_step_goes_downhill(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "optimizers.momentum_step",
    example(
        param=tensor([1.0]),
        grad=tensor([0.5]),
        velocity=tensor([0.2]),
        lr=0.1,
        returns=(tensor([0.932]), tensor([0.68])),
    ),
    example(
        param=tensor([[0.5, -1.0], [2.0, 0.0]]),
        grad=tensor([[1.0, -2.0], [0.25, 0.0]]),
        velocity=tensor([[0.5, 1.5], [-2.0, 1.0]]),
        lr=0.3,
        momentum=0.6,
        returns=(tensor([[0.11, -0.67], [2.285, -0.18]]), tensor([[1.3, -1.1], [-0.95, 0.6]])),
    ),
)
def test_momentum_step_keeps_its_velocity(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "optimizers.nesterov_step",
    example(
        param=tensor([1.0]),
        grad_fn=twice,
        velocity=tensor([0.5]),
        lr=0.1,
        returns=(tensor([0.764]), tensor([2.36])),
    ),
    example(
        param=tensor([4.0, 1.0]),
        grad_fn=ravine,
        velocity=tensor([-1.0, 2.0]),
        lr=0.2,
        momentum=0.5,
        returns=(tensor([3.28, -0.48]), tensor([3.6, 7.4])),
    ),
)
def test_nesterov_step_looks_ahead(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "optimizers.adagrad_step",
    example(
        param=tensor([1.0]), grad=tensor([3.0]), sum_sq=tensor([16.0]), lr=0.1, returns=(tensor([0.94]), tensor([25.0]))
    ),
    example(
        param=tensor([1.0, -2.0, 0.5]),
        grad=tensor([0.5, -0.3, 0.0]),
        sum_sq=tensor([0.0, 0.16, 0.0]),
        lr=0.3,
        eps=0.1,
        returns=(tensor([0.75, -1.85, 0.5]), tensor([0.25, 0.25, 0.0])),
    ),
)
def test_adagrad_step_divides_by_all_it_has_seen(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "optimizers.rmsprop_step",
    example(
        param=tensor([1.0]),
        grad=tensor([2.0]),
        mean_sq=tensor([1.0]),
        lr=0.1,
        returns=(tensor([0.824588]), tensor([1.3])),
    ),
    example(
        param=tensor([1.0, -2.0, 0.5]),
        grad=tensor([0.5, -0.3, 0.0]),
        mean_sq=tensor([0.0, 0.3, 0.0]),
        lr=0.3,
        decay=0.7,
        eps=0.1,
        returns=(tensor([0.598782, -1.846633, 0.5]), tensor([0.075, 0.237, 0.0])),
    ),
)
def test_rmsprop_step_forgets(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


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


ADAMW_FIRST_STEP = example(
    param=tensor([1.0]),
    grad=tensor([0.5]),
    m=tensor([0.0]),
    v=tensor([0.0]),
    t=1,
    lr=0.1,
    weight_decay=0.2,
    returns=(tensor([0.88]), tensor([0.05]), tensor([0.00025])),
)
ADAMW_LATER_STEP = example(
    param=tensor([1.0, -2.0, 0.5]),
    grad=tensor([0.5, -0.3, 0.0]),
    m=tensor([0.1, 0.2, 0.0]),
    v=tensor([0.04, 0.01, 0.0]),
    t=3,
    lr=0.1,
    beta1=0.8,
    beta2=0.9,
    eps=0.01,
    weight_decay=0.5,
    returns=(tensor([0.87386, -1.976541, 0.475]), tensor([0.18, 0.1, 0.0]), tensor([0.061, 0.018, 0.0])),
)


@check("optimizers.adamw_step", ADAMW_FIRST_STEP, ADAMW_LATER_STEP)
def test_adamw_step_decays_past_the_averages(student, cases):
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


@check(
    "optimizers.clip_grad_value",
    example(
        grads=[tensor([0.5, -3.0]), tensor([[2.0]])], clip_value=1.0, returns=[tensor([0.5, -1.0]), tensor([[1.0]])]
    ),
    example(
        grads=[tensor([[0.25, -0.125], [0.0, 1.5]]), tensor(-0.75)],
        clip_value=0.5,
        returns=[tensor([[0.25, -0.125], [0.0, 0.5]]), tensor(-0.5)],
    ),
)
def test_clip_grad_value_limits_each_entry(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
