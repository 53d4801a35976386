"""Hidden grader of the unit optimizers.

Single steps start from states in the middle of a run. Where a state is carried, whole runs follow, in which each
step gets what the submission itself has returned.
"""

import functools
import inspect

import torch
from hypothesis import strategies as st

from backpass.judging.cases import DTYPES, Statistics, draw, fixed
from backpass.judging.kinds import function, once_right, step, worth
from backpass.worker.wire import Seed
from graders import strategies as some
from graders.optimizers.deals import are_right, are_shuffled
from solutions import optimizers

SHAPES = st.sampled_from([(3,), (), (2, 3), (1,), (3, 2), (2, 1, 3), (4, 3)])
RATES = st.sampled_from([0.1, 0.3, 0.05, 0.7])


def in_all_forms(names, dtype):
    """Tensors `names` without dimensions, not contiguous in memory, and with a parameter of 0."""
    for shape in ((), (3, 2), (1, 3, 2)):
        numbers = {name: torch.arange(1, 7, dtype=dtype) / (3 * place + 1) for place, name in enumerate(names, start=1)}
        yield {name: each.reshape(shape).mT if shape else each[0] for name, each in numbers.items()}
    # A zero among the parameters alone: what goes wrong there does not go wrong because of it.
    yield {name: torch.tensor([0.0 if name == "param" else 0.75, 0.5], dtype=dtype) for name in names}


# ----------------------------------------------------------------------------------- slopes to walk down


def slope(curvature, target, coupling=0.0, bend=0.0):
    """The gradient of a smooth valley; its numbers are exact in float32, and one coordinate may move the others."""

    def gradient(w):
        return curvature * (w - target) + coupling * w.sum() + bend * torch.tanh(w)

    gradient.__doc__ = (
        f"w -> {curvature:g} * (w - {target:g})"
        + (f" + {coupling:g} * w.sum()" if coupling else "")
        + (f" + {bend:g} * tanh(w)" if bend else "")
    )
    return gradient


SLOPES = st.builds(
    slope, *map(st.sampled_from, ([1.0, 2.0, 0.5, 1.25], [0.0, 3.0, -1.5], [0.0, 0.125, 0.25], [0.0, 1.0, 2.0]))
)
BENT = slope(1.25, 3.0, bend=1.0)


@st.composite
def descents(draw, dtype):
    start, steps = draw(some.tensors(draw(SHAPES), dtype)), draw(st.sampled_from([3, 2, 5, 1, 12]))
    return {"grad_fn": draw(SLOPES), "start": start, "lr": draw(RATES), "steps": steps}


def walks(grad_fn, *starts, lr, steps):
    return [{"grad_fn": grad_fn, "start": start, "lr": lr, "steps": steps} for start in starts]


test_gradient_descent = function(
    "optimizers.gradient_descent",
    values=worth(
        8,
        draw(descents, count=10),
        fixed(
            *(
                walk | case
                for dtype in DTYPES
                for case in in_all_forms(["start"], dtype)
                for walk in walks(BENT, None, lr=0.3, steps=3)
            )
        ),
    ),
    at_the_ends=once_right(
        1,
        fixed(
            *some.in_dtypes(
                *walks(slope(2.0, 3.0), [0.7, -1.3], lr=0.1, steps=0),
                # Where the gradient is 0, and where it is small: the walk goes on, however short its steps become.
                *walks(slope(2.0, 3.0), *([3.0 + off] * 2 for off in (0, 2**-20, 2**-12, 2**-8)), lr=0.1, steps=4),
                # Rates at which each step ends higher up than it began: the walk diverges, and is to be seen doing so.
                *walks(slope(2.0, 3.0), [0.7, -1.3, 4.0], lr=1.25, steps=5),
                *walks(slope(1.25, -1.5, coupling=0.25, bend=1.0), [70.0, -130.0, 400.0], lr=1.5, steps=7),
                *walks(slope(2.0, 3.0), [0.7, -1.3], lr=20.0, steps=6),
            )
        ),
    ),
)


# ------------------------------------------------------------------------------------------- minibatches

DEALS = fixed(
    *(
        {"num_samples": samples, "batch_size": size, "generator": Seed(100 * samples + size)}
        for samples, size in ((10, 4), (12, 4), (7, 2), (5, 1), (3, 8), (6, 6), (1, 1), (101, 10), (64, 63))
    ),
    statistics=Statistics(measure=lambda inputs, batches: {}, theory=lambda inputs: {}),
)

test_minibatches = function(
    "optimizers.minibatches",
    values=worth(4, DEALS, test=are_right),
    order=worth(4, test=are_shuffled),
    is_pure=once_right(2),
)


# ------------------------------------------------------------------------------------------------- steps


@st.composite
def in_a_run(draw, dtype, step, hypers, times=(2, 1, 3, 5), size=1.0):
    """A step in the middle of a run: the state is what `t - 1` earlier gradients, of some `size`, have made of it.

    Sometimes one coordinate's gradients are all 0, where eps decides, or only the last one is.
    """
    shape, t = draw(SHAPES), draw(st.sampled_from(times))
    values = draw(st.fixed_dictionaries(hypers))
    param = draw(some.tensors(shape, dtype))
    grads = [draw(some.tensors(shape, torch.float64)) / 4 for _ in range(min(t, 4))]
    for grad in draw(st.sampled_from([grads, grads[:1], []])):
        grad[(0,) * grad.dim()] = 0
    names = [name for name in taken_by(step) if name in STATES]
    state = [torch.zeros(shape, dtype=torch.float64) for _ in names]
    for number in range(1, t if names else 1):
        grad = size * grads[number % len(grads)]
        given = {"param": param.double(), "grad": grad, "t": number} | dict(zip(names, state, strict=True)) | values
        _, *state = step(**of(step, given))
    state = {name: each.to(dtype) for name, each in zip(names, state, strict=True)}
    return of(step, {"param": param, "grad": (size * grads[0]).to(dtype), "t": t} | state | values)


def of(step, given):
    """Those of `given` that `step` takes, in its order."""
    return {name: given[name] for name in taken_by(step) if name in given}


@functools.cache
def taken_by(step):
    """The names of what `step` takes."""
    return tuple(inspect.signature(step).parameters)


def steps(step, count=16, hypers=(), **options):
    """Steps of `step` in the middle of runs, with `hypers` drawn."""
    return draw(lambda dtype: in_a_run(dtype, step, dict(hypers), **options), count=count)


STATES = ("velocity", "sum_sq", "mean_sq", "m", "v")
LARGE = {"param": [300.0, -4000.0, 25.0], "grad": [250.0, -0.5, -1500.0], "velocity": [40.0, -700.0, 3.0]}
LARGE |= {"sum_sq": [1e5, 3e6, 40.0], "mean_sq": [1e5, 3e6, 40.0], "m": [-120.0, 30.0, 900.0], "v": [2e4, 2e3, 1e6]}
SMALL = {"param": [2e-7, -1e-7, 5e-8], "grad": [3e-7, -2e-7, 1e-7], "velocity": [4e-7, -3e-7, 1e-7]}
SMALL |= {"sum_sq": [1e-13, 4e-14, 9e-15], "mean_sq": [1e-13, 4e-14, 9e-15], "m": [1e-7, 2e-7, 3e-8]}
SMALL |= {"v": [1e-13, 4e-14, 9e-15]}
NO_GRADIENT = LARGE | {"grad": [0.0, 0.0, 0.0]}  # the state goes on, and what was given stays as it is
# Gradients smaller than a large eps, but not 0, of which the last carries its parameter across 0.
BELOW_EPS = {"param": [1.7, -2.3, 0.01], "grad": [0.02, -0.011, 0.03], "m": [0.012, 0.003, 0.01]}
BELOW_EPS |= {name: [1e-4, 4e-4, 2e-4] for name in ("sum_sq", "mean_sq", "v")}


def written(step, plain, large, *small):
    """Steps that are written down: `plain` hyper-parameters with tensors of all forms, in a run and at its start.

    With `large` ones and each of the `small` ones go sizes far from 1, hyper-parameters at their ends: nothing is
    limited, nothing rounded.
    """
    names = [name for name in inspect.signature(step).parameters if name in LARGE]
    states = [name for name in names if name in STATES]
    cases = []
    for dtype in DTYPES:
        for case in in_all_forms(names, dtype):
            at_the_start = {name: torch.zeros_like(case[name]) for name in states} | ({"t": 1} if "t" in plain else {})
            cases += [case | plain, case | plain | at_the_start]
        sizes = [(LARGE, large), (NO_GRADIENT, plain), *((SMALL, each) for each in small)]
        sizes += [(BELOW_EPS, plain | {"eps": 0.1})] if "eps" in plain else []
        for numbers, values in sizes:
            cases.append({name: torch.tensor(numbers[name], dtype=dtype) for name in names} | values)
    return fixed(*(of(step, case) for case in cases))


PLAIN = {"lr": RATES}
SGD = optimizers.sgd_step
test_sgd_step = function(
    "optimizers.sgd_step",
    values=worth(8, steps(SGD, 12, PLAIN), written(SGD, {"lr": 0.3}, {"lr": 20.0}, {"lr": 2e-4})),
    is_pure=once_right(2),
)

MOMENTUM = optimizers.momentum_step
WITH_MOMENTUM = PLAIN | {"momentum": st.sampled_from([0.8, 0.6, 0.5, 0.95])}
OF_MOMENTUM = (
    {"lr": 0.3, "momentum": 0.6},
    {"lr": 20.0, "momentum": 0.9995},
    {"lr": 2e-4, "momentum": 0.05},
    {"lr": 0.3, "momentum": 0.0},
)
test_momentum_step = step(
    "optimizers.momentum_step",
    values=worth(5, steps(MOMENTUM, 12, WITH_MOMENTUM), written(MOMENTUM, *OF_MOMENTUM)),
    defaults=worth(2, steps(MOMENTUM, 4, PLAIN)),
    run={"lr": 0.1, "momentum": 0.8},
)


@st.composite
def looking_ahead(draw, dtype, hypers):
    case = draw(in_a_run(dtype, MOMENTUM, hypers))
    return of(optimizers.nesterov_step, case | {"grad_fn": draw(SLOPES)})


LIGHT, HEAVY, *LIGHTEST = OF_MOMENTUM
test_nesterov_step = step(
    "optimizers.nesterov_step",
    values=worth(
        5,
        draw(lambda dtype: looking_ahead(dtype, WITH_MOMENTUM), count=12),
        written(
            optimizers.nesterov_step,
            LIGHT | {"grad_fn": BENT},
            *(each | {"grad_fn": slope(1.25, 0.0)} for each in (HEAVY, *LIGHTEST)),
        ),
    ),
    defaults=worth(2, draw(lambda dtype: looking_ahead(dtype, PLAIN), count=4)),
    run={"lr": 0.1, "momentum": 0.8},
)

ADAGRAD = optimizers.adagrad_step
LARGE_EPS = {"eps": st.sampled_from([1e-2, 0.1, 0.05])}
test_adagrad_step = step(
    "optimizers.adagrad_step",
    values=worth(
        5,
        steps(ADAGRAD, 14, PLAIN | LARGE_EPS),
        written(ADAGRAD, {"lr": 0.3, "eps": 0.1}, {"lr": 20.0, "eps": 5.0}, {"lr": 2e-4, "eps": 0.0}),
    ),
    # With gradients as small as the default eps, what it is, and where it stands, decides the step.
    defaults=worth(2, steps(ADAGRAD, 4, PLAIN), steps(ADAGRAD, 4, PLAIN, size=1e-10)),
    run={"lr": 0.5, "eps": 0.01},
)

RMSPROP = optimizers.rmsprop_step
test_rmsprop_step = step(
    "optimizers.rmsprop_step",
    values=worth(
        5,
        steps(RMSPROP, 14, PLAIN | {"decay": st.sampled_from([0.8, 0.6, 0.95, 0.7])} | LARGE_EPS),
        written(
            RMSPROP,
            {"lr": 0.3, "decay": 0.6, "eps": 0.1},
            {"lr": 20.0, "decay": 0.9995, "eps": 5.0},
            {"lr": 2e-4, "decay": 0.05, "eps": 0.0},
            {"lr": 0.3, "decay": 0.0, "eps": 1e-7},
        ),
    ),
    defaults=worth(2, steps(RMSPROP, 4, PLAIN), steps(RMSPROP, 4, PLAIN, size=1e-8)),
    run={"lr": 0.02, "decay": 0.8, "eps": 0.1},
)

ADAM = optimizers.adam_step
LATE = (2, 1, 3, 5, 12, 40)
HYPERS = LARGE_EPS | {
    "lr": st.sampled_from([0.1, 0.05, 0.5]),
    "beta1": st.sampled_from([0.8, 0.6, 0.7]),
    "beta2": st.sampled_from([0.95, 0.75, 0.98]),
}
OF_ADAM = (
    {"t": 3, "lr": 0.1, "beta1": 0.8, "beta2": 0.95, "eps": 0.05},
    {"t": 3000, "lr": 20.0, "beta1": 0.9995, "beta2": 0.9998, "eps": 5.0},
    {"t": 2, "lr": 2e-4, "beta1": 0.05, "beta2": 0.3, "eps": 0.0},
)
test_adam_step = step(
    "optimizers.adam_step",
    values=worth(5, steps(ADAM, hypers=HYPERS, times=LATE), written(ADAM, *OF_ADAM)),
    defaults=worth(2, steps(ADAM, 6, times=(2, 1, 10, 100, 1000)), steps(ADAM, 4, times=LATE, size=1e-8)),
    run={"lr": 0.05, "beta1": 0.8, "beta2": 0.95, "eps": 0.01},
)

ADAMW = optimizers.adamw_step
DECAYED = HYPERS | {"weight_decay": st.sampled_from([0.1, 0.3, 0.05, 0.0])}
OF_ADAMW = [each | {"weight_decay": decay} for each, decay in zip(OF_ADAM, (0.3, 0.04, 0.04), strict=True)]
test_adamw_step = step(
    "optimizers.adamw_step",
    values=worth(5, steps(ADAMW, hypers=DECAYED, times=LATE), written(ADAMW, *OF_ADAMW)),
    defaults=worth(2, steps(ADAMW, 6, times=(2, 1, 10, 100, 1000)), steps(ADAMW, 4, times=LATE, size=1e-8)),
    run={"lr": 0.05, "beta1": 0.8, "beta2": 0.95, "eps": 0.01, "weight_decay": 0.3},
)


# ------------------------------------------------------------------------------------------------ clipping


@st.composite
def some_gradients(draw, dtype):
    return [draw(some.tensors(draw(SHAPES), dtype)) for _ in range(draw(st.sampled_from([2, 1, 3])))]


@st.composite
def gradients(draw, dtype):
    """A few tensors, long or short, and a limit below or above the norm of all of them together."""
    size = draw(st.sampled_from([1.0, 1.0, 0.0625]))
    grads = [size * grad for grad in draw(some_gradients(dtype))]
    norm = torch.linalg.vector_norm(torch.cat([grad.reshape(-1).double() for grad in grads])).item()
    return {"grads": grads, "max_norm": (norm or 1.0) * draw(st.sampled_from([0.3, 0.5, 0.9, 0.99, 1.01, 1.5, 3.0]))}


@st.composite
def small_gradients(draw, dtype):
    """All zeros, or below the limit: nothing is to be scaled."""
    grads = [torch.zeros(draw(SHAPES), dtype=dtype) for _ in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        grads[0] = torch.full(draw(SHAPES), 0.0625, dtype=dtype)
    return {"grads": grads, "max_norm": draw(st.sampled_from([1.0, 0.5, 5.0]))}


@st.composite
def entries(draw, dtype):
    """A few tensors, with entries inside, outside and exactly at the limits."""
    return {"grads": draw(some_gradients(dtype)), "clip_value": draw(st.sampled_from([1.0, 0.5, 2.0, 0.3]))}


# Below the limit: what is compared with it, if it is not the norm, may be above.
BELOW = some.in_dtypes(
    {"grads": ([0.3, 0.0], [[-0.4]]), "max_norm": 0.6},
    {"grads": ([3.0, 0.0], [[-4.0]]), "max_norm": 30.0},
    {"grads": ([1.2, 0.0], [[-1.6]]), "max_norm": 3.0},
    {"grads": ([3.0, 0.0], [[-4.0]]), "max_norm": 6.0},
)
# Large but finite, on both sides of the limit.
LARGE_GRADIENTS = some.in_dtypes(
    *(
        {"grads": ([[size, size], [size, size]], [-size] * 3), "max_norm": limit}
        for size, limit in ((1e4, 1.0), (1e8, 1e12), (1e15, 10.0))
    )
)
# One entry that is no number, in any of the tensors.
BROKEN = some.in_dtypes(
    *(
        {"grads": grads, "max_norm": 1.0}
        for value in (float("nan"), float("inf"), float("-inf"))
        for grads in (([0.3, value], [[-0.4]]), ([0.3, 0.0], [[-0.4, value]], [2.0]), ([0.1], [0.2], [[[value]]]))
    )
)
CLIPPED, UNCLIPPED = draw(gradients, count=16), draw(small_gradients, count=5)
test_clip_grad_norm = function(
    "optimizers.clip_grad_norm",
    values=worth(5, CLIPPED, fixed(*BELOW)),
    of_small_and_large_gradients=worth(2, UNCLIPPED, fixed(*LARGE_GRADIENTS)),
    is_pure=once_right(1, CLIPPED, UNCLIPPED),
    refuses_what_is_no_number=once_right(2, fixed(*BROKEN)),
)

# Far outside, far inside, and all zeros.
FAR_ENTRIES = some.in_dtypes(
    {"grads": ([1e15, -1e15, 0.3, -0.7], [[0.0, 0.0], [0.0, 0.0]]), "clip_value": 2.5},
    {"grads": ([[1e-12, -3.0, 7.0]],), "clip_value": 1e9},
    {"grads": ([-0.7] * 3, torch.tensor(0.9, dtype=torch.float64)), "clip_value": 1e-3},
)
ENTRIES = draw(entries, count=12)
test_clip_grad_value = function(
    "optimizers.clip_grad_value",
    values=worth(6, ENTRIES),
    of_large_and_small_entries=worth(2, fixed(*FAR_ENTRIES)),
    is_pure=once_right(2),
)
