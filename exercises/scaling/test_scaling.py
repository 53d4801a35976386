"""Public checks of the unit scaling: `pytest exercises/scaling`."""

import math

from torch import tensor

from backpass.judging.assertions import agree, leaves_inputs_alone
from backpass.judging.cases import example
from backpass.judging.checks import check
from backpass.judging.failures import Fault


@check(
    "scaling.training_memory",
    example(sizes=[3, 4, 2], batch_size=5, returns=556),
    example(sizes=[64, 32, 10], batch_size=128, states=1, bytes_per_number=2, returns=39036),
    example(sizes=[7, 2], batch_size=1, states=0, returns=156),
)
def test_training_memory_by_hand(student, cases):
    agree(student, cases)


@check(
    "scaling.training_flops",
    example(sizes=[3, 4, 2], batch_size=5, steps=7, returns=4200),
    example(sizes=[4097, 8191, 10], batch_size=511, steps=1_000_001, returns=103141682983579842),
)
def test_training_flops_are_exact(student, cases):
    agree(student, cases)


def mean(x, y):
    """(x, y) -> the mean of x * y over the samples"""
    if len(x) == 0:
        raise ValueError("grad_fn was given no sample at all")
    return (x * y).sum(0) / len(x)


@check(
    "scaling.accumulate_gradients",
    example(
        grad_fn=mean,
        x=tensor([1.0, 2.0, 6.0]),
        y=tensor([1.0, 1.0, 1.0]),
        micro_batch_size=2,
        returns=tensor(3.0),
    ),
    example(
        grad_fn=mean,
        x=tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0], [-2.0, 1.0], [5.0, 3.0]]),
        y=tensor([[1.0], [2.0], [4.0], [0.5], [1.0]]),
        micro_batch_size=2,
        returns=tensor([2.6, 3.9]),
    ),
)
def test_accumulate_gradients_with_a_short_last_piece(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


RUN = []  # the number of each layer that is run forwards


def layer(number, formula, forward, backward):
    def run(x):
        RUN.append(number)
        return forward(x)

    def back(grad_out, x):
        return backward(grad_out, x)

    run.__doc__, back.__doc__ = f"x -> {formula}", f"(grad_out, x) -> the gradient of {formula}"
    return run, back


LAYERS = [
    layer(0, "x ** 2", lambda x: x**2, lambda grad, x: 2 * grad * x),
    layer(1, "3 * x + 1", lambda x: 3 * x + 1, lambda grad, x: 3 * grad),
    layer(2, "x ** 2", lambda x: x**2, lambda grad, x: 2 * grad * x),
    layer(3, "1 / x", lambda x: 1 / x, lambda grad, x: -grad / x**2),
    layer(4, "x ** 2 + x", lambda x: x**2 + x, lambda grad, x: grad * (2 * x + 1)),
]
FORWARDS, BACKWARDS = ([each[way] for each in LAYERS] for way in (0, 1))


@check(
    "scaling.checkpointed_backward",
    example(
        forwards=FORWARDS,
        backwards=BACKWARDS,
        x=tensor([1.0, 0.5]),
        grad_out=tensor([1.0, -2.0]),
        every=2,
        returns=tensor([-0.210938, 3.701315]),
    ),
    example(
        forwards=FORWARDS[:3],
        backwards=BACKWARDS[:3],
        x=tensor([1.0, -0.5]),
        grad_out=tensor([1.0, 0.25]),
        every=1,
        returns=tensor([48.0, -2.625]),
    ),
)
def test_checkpointed_backward_runs_again_what_it_has_not_kept(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)
    RUN.clear()
    student.ask([cases[0].call()])
    runs = [RUN.count(number) for number in range(5)]
    if max(runs) > 2 or runs[0] < 2 or runs[2] < 2:
        raise Fault(
            "other_inputs_kept",
            f"The gradient is right. With 5 layers and every = 2, layers 0 and 2 are run forwards twice each, and no "
            f"layer more often; yours are run {', '.join(map(str, runs))} times.",
            cases[0],
        )


INF, NAN = math.inf, math.nan


@check(
    "scaling.unscale",
    example(grads=[tensor([8.0, INF]), tensor([2.0])], scale=4.0, returns=([tensor([2.0, INF]), tensor([0.5])], True)),
    example(grads=[tensor([[1.0], [-6.0]])], scale=8.0, returns=([tensor([[0.125], [-0.75]])], False)),
    example(grads=[tensor([3.0]), tensor([NAN, 2.0])], scale=2.0, returns=([tensor([1.5]), tensor([NAN, 1.0])], True)),
)
def test_unscale_finds_what_is_not_finite(student, cases):
    agree(student, cases)
    leaves_inputs_alone(student, cases)


@check(
    "scaling.update_loss_scale",
    example(scale=8.0, good_steps=1, found_inf=False, interval=3, returns=(8.0, 2)),
    example(scale=8.0, good_steps=1, found_inf=True, interval=3, returns=(4.0, 0)),
    example(scale=8.0, good_steps=2, found_inf=False, interval=3, returns=(16.0, 0)),
    example(scale=1024.0, good_steps=1999, found_inf=False, growth=1.5, returns=(1536.0, 0)),
    example(scale=1024.0, good_steps=7, found_inf=True, backoff=0.25, returns=(256.0, 0)),
)
def test_update_loss_scale_by_hand(student, cases):
    agree(student, cases)
