"""Hidden grader of the unit optimizers."""

import torch
from hypothesis import strategies as st

from backpass.cases import draw, fixed
from backpass.checks import agree, check, leaves_inputs_alone, leaves_no_trace
from graders import strategies as some
from solutions.optimizers import adam_step

HYPERS = {
    "lr": st.sampled_from([0.1, 0.05, 0.5]),
    "beta1": st.sampled_from([0.8, 0.6, 0.7]),
    "beta2": st.sampled_from([0.95, 0.75, 0.98]),
    "eps": st.sampled_from([1e-2, 0.1, 0.05]),
}


def shapes():
    return st.sampled_from([(3,), (), (2, 3), (1,), (3, 2), (2, 1, 3), (4, 3)])


@st.composite
def state_of_adam(draw, dtype, hypers, times=(2, 1, 3, 5, 12, 40)):
    """A parameter in the middle of a run: m and v are what `t - 1` earlier gradients have made of them.

    Sometimes one coordinate's gradients are all 0, where eps decides, or only the last one is.
    """
    shape, t = draw(shapes()), draw(st.sampled_from(times))
    param = draw(some.tensors(shape, dtype))
    m, v = torch.zeros(shape, dtype=torch.float64), torch.zeros(shape, dtype=torch.float64)
    values = {name: draw(strategy) for name, strategy in hypers.items()}
    grads = [draw(some.tensors(shape, torch.float64)) / 4 for _ in range(min(t, 4))]
    for grad in draw(st.sampled_from([grads, grads[:1], []])):
        grad[(0,) * grad.dim()] = 0
    for step in range(1, t):
        _, m, v = adam_step(param.double(), grads[step % len(grads)], m, v, step, **values)
    return {"param": param, "grad": grads[0].to(dtype), "m": m.to(dtype), "v": v.to(dtype), "t": t, **values}


def step_with_hypers(dtype):
    return state_of_adam(dtype, HYPERS)


def step_with_defaults(dtype):
    return state_of_adam(dtype, {}, times=(2, 1, 10, 100, 1000))


@st.composite
def tiny_gradients(draw, dtype):
    """Gradients as small as the default eps: what it is, and where it stands, decides the step."""
    case = draw(state_of_adam(dtype, {}))
    return case | {"grad": case["grad"] * 1e-8, "m": case["m"] * 1e-8, "v": case["v"] * 1e-16}


def first_step(dtype):
    """t = 1, from zeros: what the bias correction is for."""
    values = torch.tensor([0.7, -1.3, 2.1], dtype=dtype)
    zeros = torch.zeros(3, dtype=dtype)
    state = {"param": values.flip(0), "grad": values, "m": zeros, "v": zeros, "t": 1}
    return state | {"lr": 0.1, "beta1": 0.8, "beta2": 0.95, "eps": 0.01}


FIRST_STEPS = fixed(first_step(torch.float32), first_step(torch.float64))
STEPS = draw(step_with_hypers, count=16)
DEFAULT_STEPS = draw(step_with_defaults, count=6)
TINY_STEPS = draw(tiny_gradients, count=4)


@check("optimizers.adam_step", FIRST_STEPS, STEPS, weight=5)
def test_adam_step_values(student, cases):
    agree(student, cases)


@check("optimizers.adam_step", DEFAULT_STEPS, TINY_STEPS, weight=2)
def test_adam_step_defaults(student, cases):
    agree(student, cases)


@check("optimizers.adam_step", STEPS, weight=2, once_right=True)
def test_adam_step_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@st.composite
def gradients(draw, dtype, factors=(0.3, 0.5, 0.9, 0.99, 1.01, 1.5, 3.0)):
    """A few tensors, and a limit below or above the norm of all of them together."""
    count = draw(st.sampled_from([2, 1, 3]))
    grads = [draw(some.tensors(draw(shapes()), dtype)) for _ in range(count)]
    norm = torch.linalg.vector_norm(torch.cat([grad.reshape(-1).double() for grad in grads])).item()
    factor = draw(st.sampled_from(factors))
    return {"grads": grads, "max_norm": max(norm, 1.0) * factor}


@st.composite
def small_gradients(draw, dtype):
    """All zeros, or below the limit: nothing is to be scaled."""
    grads = [torch.zeros(draw(shapes()), dtype=dtype) for _ in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        grads[0] = torch.full(draw(shapes()), 0.0625, dtype=dtype)
    return {"grads": grads, "max_norm": draw(st.sampled_from([1.0, 0.5, 5.0]))}


@st.composite
def broken_gradients(draw, dtype):
    """One entry that is no number."""
    case = draw(gradients(dtype))
    broken = draw(st.sampled_from(case["grads"])).reshape(-1)
    broken[draw(st.integers(0, len(broken) - 1))] = draw(st.sampled_from([float("inf"), float("nan"), float("-inf")]))
    return case


CLIPPED = draw(gradients, count=16)
# Large but finite, on both sides of the limit.
LARGE = fixed(
    *(
        {"grads": [torch.full((2, 2), size, dtype=dtype), torch.full((3,), -size, dtype=dtype)], "max_norm": limit}
        for dtype in (torch.float32, torch.float64)
        for size, limit in ((1e4, 1.0), (1e8, 1e12), (1e15, 10.0))
    )
)
SMALL = draw(small_gradients, count=5)
BROKEN = draw(broken_gradients, count=5)


@check("optimizers.clip_grad_norm", CLIPPED, weight=5)
def test_clip_grad_norm_values(student, cases):
    agree(student, cases)


@check("optimizers.clip_grad_norm", SMALL, LARGE, weight=2)
def test_clip_grad_norm_of_small_and_large_gradients(student, cases):
    agree(student, cases)


@check("optimizers.clip_grad_norm", CLIPPED, SMALL, weight=1, once_right=True)
def test_clip_grad_norm_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("optimizers.clip_grad_norm", BROKEN, weight=2, once_right=True)
def test_clip_grad_norm_refuses_what_is_no_number(student, cases):
    agree(student, cases)
