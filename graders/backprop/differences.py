"""What a gradient check is made of: functions to differentiate, and numbers that nearly agree."""

from dataclasses import replace

import torch
from hypothesis import strategies as st

from backpass.judging.cases import ROUNDINGS, Draw
from graders import strategies as some

FLOOR = 1e-8  # of relative_error's denominator


def function_of(text, shape, compute):
    """A function for tensors of one shape, that is displayed as `text`; `k` numbers the elements of x from 1."""

    def f(x):
        if not isinstance(x, torch.Tensor):
            raise TypeError(f"f takes a tensor of the shape of x, {tuple(shape)}, and was given {type(x).__name__}")
        if x.shape != shape:
            raise ValueError(f"f takes a tensor of the shape of x, {tuple(shape)}, and was given {tuple(x.shape)}")
        return compute(x, torch.arange(1, x.numel() + 1, dtype=x.dtype).reshape(shape))

    f.__doc__ = f"x -> {text}"
    return f


FORMULAS = {
    "sum of k * x ** 3, where k = 1, 2, ... numbers the elements": lambda x, k: (k * x**3).sum(),
    "sum of sin(k * x), where k = 1, 2, ... numbers the elements": lambda x, k: (k * x).sin().sum(),
    "(sum of k * x) ** 2, where k = 1, 2, ... numbers the elements": lambda x, k: (k * x).sum() ** 2,
    "log of the sum of k * exp(x), where k = 1, 2, ... numbers the elements": lambda x, k: (k * x.exp()).sum().log(),
}

SIZES = st.sampled_from([(3,), (2, 3), (), (1,), (3, 2), (2, 1, 2), (1, 4), (4, 1)])

STEPS = {torch.float64: [None, 0.1, 1e-3], torch.float32: [0.1, 0.25, 0.03125]}


class Differences(Draw):
    """Cases whose result is a difference of two nearly equal numbers divided by h, which magnifies their rounding."""

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        f, x, h = inputs["f"], inputs["x"].double(), inputs.get("h", parameters["h"])
        # f rounds its value and the numbers that it adds up; x + h is rounded, which the slope passes on.
        passing = f(x).abs() + x.numel() + (x.abs() * case.expected.abs()).max() + case.expected.abs().max() * h
        return replace(case, tolerance=case.tolerance + ROUNDINGS * torch.finfo(case.dtype).eps * passing / h)


@st.composite
def nudged(draw, dtype):
    shape, text = draw(SIZES), draw(st.sampled_from(list(FORMULAS)))
    h = draw(st.sampled_from(STEPS[dtype]))
    f = function_of(text, shape, FORMULAS[text])
    return {"f": f, "x": draw(some.tensors(shape, dtype, scale=0.3, layouts=False))} | ({} if h is None else {"h": h})


def at(x, text, compute, **options):
    x = torch.tensor(x, dtype=torch.float64)
    return {"f": function_of(text, x.shape, compute), "x": x} | options


SIZES_OF_X = "sum of k * abs(x), where k = 1, 2, ... numbers the elements"

INTERESTING = (
    # The default of h is visible in a function that wiggles quickly.
    at([0.3, -0.2], "sum of sin(1000 * x)", lambda x, k: (1000 * x).sin().sum()),
    # At a corner only both sides together are 0.
    *(at([0.0, -3.0], SIZES_OF_X, lambda x, k: (k * x.abs()).sum(), h=h) for h in (1e-5, 0.1)),
    # Large numbers next to small ones: a step measured by the numbers would differ from one to the next.
    at([30.0, 0.01], "sum of x ** 3", lambda x, k: (x**3).sum(), h=0.1),
)


class RelativeErrors(Draw):
    """Cases whose result is a Python float, computed in the inputs' dtype: right to some roundings of its own size.

    torch.maximum and torch.where want a tensor for the floor, and torch.tensor(1e-8) is float32: where the floor
    decides, that rounding is allowed for.
    """

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        relative = ROUNDINGS * torch.finfo(case.dtype).eps
        if bool((inputs["a"].abs() + inputs["b"].abs() < FLOOR).any()):
            relative += torch.finfo(torch.float32).eps
        return replace(case, tolerance=relative * case.expected)


@st.composite
def nearly_equal(draw, dtype):
    """As in a gradient check: of any size, and apart by a small share of themselves."""
    a, share = draw(some.inputs(a="...", b="...")(dtype)).values()
    a = a * draw(st.sampled_from([1.0, 100.0, 1e-3]))
    return {"a": a, "b": a * (1 + draw(st.sampled_from([1e-3, 1e-2])) * share)}


# Numbers whose sizes add up to less than the floor, to just more, and to 0.
NEAR_ZERO = some.in_dtypes(
    *(
        {"a": a, "b": b}
        for a, b in (
            ([3e-9, 1.0], [1e-9, 1.0]),
            ([2e-9, 0.0], [-1e-9, 0.0]),
            ([[0.0], [-4e-9]], [[0.0], [2e-9]]),
            ([6e-9, 3.0], [9e-9, 3.0]),
            ([5e-9, 1.0], [1e-9, 1.125]),
            ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
            ([0.0, 2.0], [0.0, 2.0]),
            ([0.0, 0.0], [0.5, 0.0]),
            ([1e6, 1.0], [1e6, 1.0]),
        )
    )
)
