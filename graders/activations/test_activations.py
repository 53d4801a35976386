"""Hidden grader of the unit activations."""

from dataclasses import dataclass, replace

import torch
from hypothesis import strategies as st

from backpass.judging.cases import DTYPES, ROUNDINGS, Draw
from backpass.judging.kinds import forward, function, once_right, worth
from graders import strategies as some


@dataclass(frozen=True)
class Elementwise(Draw):
    """Cases of a function of each number by itself, held to a tolerance that a large neighbour does not widen.

    A right answer may pass through numbers of the size of its own x (x times a sigmoid does); with `bounded`,
    through none larger than 1. So a sigmoid that is held back at 1e-13 is told from one that is nearly 0.
    """

    bounded: bool = False

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        if case.cotangent is not None:
            return case
        x = case.inputs["x"].double().abs()
        largest = x.max().clamp(min=1)
        passing = torch.ones_like(x) if self.bounded else 1 + x
        rounding = ROUNDINGS * torch.finfo(case.dtype).eps
        return replace(case, tolerance=case.tolerance + rounding * (passing - largest))


def slopes_of(strategy):
    """Gradients where kinks and ties have no say: at 0 the conventions for a slope differ."""
    off_zero = some.with_changes(strategy, lambda case: {"x": torch.where(case["x"] == 0, 0.375, case["x"] / 2)})
    return Elementwise(off_zero, count=8, dtypes=(torch.float64,), gradient=True)


# Where float64 still tells tanh from 1, just beyond where people cut a tail off (20, 25, 30) and it still tells it from
# 0, beyond where exp leaves float32 (88.7) and float64 (709.8), and where even squares are huge.
SIZES = (9.0, 14.0, 21.0, 26.0, 31.0, 100.0, 800.0, 1e4, 1e15)
# In the last two one number outvotes the other: neither sign speaks for the whole tensor.
PAIRS = tuple((size, -size) for size in SIZES) + ((800.0, -1e4), (1e4, -800.0))
# And one of ordinary numbers beside huge ones, which must not be taken for the rule.
MIXED = {"x": [[-1.5, 800.0, 0.5], [-800.0, 2.5, -0.25]]}
FAR = some.in_dtypes(*({"x": [[*pair]]} for pair in PAIRS), MIXED)
NEAR_ZERO = [0.0, -0.0, 0.25, -0.25, 0.02, -0.02, 7e-4, -7e-4, 5e-6, -5e-6, 3e-7, -3e-7, 3e-9, -3e-9]
ALL_POSITIVE = [[[0.5, 2.0, 0.25]], [[1.5, 3.0, 0.75]]]
ALL_SMALL = [0.006, -0.004, 0.002]
LIKE_OUTPUTS = [0.25, 0.875, 0.5]  # numbers that a sigmoid or tanh might have given: they are inputs all the same
# Just beyond where a function is nearly flat: the tails that people cut off.
TAILS = [[6.5, -6.5, 5.5, -5.5], [4.5, -4.5, 3.5, -3.5]]
WRITTEN = some.in_dtypes({"x": NEAR_ZERO}, {"x": ALL_POSITIVE}, {"x": LIKE_OUTPUTS}, {"x": ALL_SMALL}, {"x": TAILS})
# Where squares are infinite: a bend by comparison has no use for them.
HUGE = tuple(
    {"x": torch.tensor([[size, -size]], dtype=dtype)} for dtype, size in zip(DTYPES, (1e30, 1e200), strict=True)
)
numbers = some.inputs(x="...")
# Slopes between 0 and 1, none of them the default.
sloped = some.inputs(x="...", negative_slope=some.one_of(0.2, 0.05, 0.5, 0.3, 0.0))


def with_slope(cases):
    return tuple(case | {"negative_slope": 0.25} for case in cases)


VALUES = Elementwise(numbers, count=12, always=WRITTEN)
EXTREMES = Elementwise(None, always=FAR)
BENT_EXTREMES = Elementwise(None, always=FAR + HUGE)
BOUNDED_EXTREMES = Elementwise(None, always=FAR, bounded=True)
SLOPED = Elementwise(sloped, count=12, always=with_slope(WRITTEN))
SLOPED_EXTREMES = Elementwise(None, always=with_slope(FAR + HUGE))
DEFAULT_SLOPE = Elementwise(numbers, count=4)
GRADIENTS = slopes_of(numbers)
# For gradcheck: off every kink, on both sides of 0.
POINT = {"x": torch.tensor([[0.5, -1.0, 2.0], [-0.25, 1.5, -3.0]], dtype=torch.float64)}


# ----------------------------------------------------------------------------------------- the functions


def squashing(exercise, extremes):
    """Functions with an exponential in them, whose extremes are worth points of their own."""
    return forward(
        exercise,
        values=worth(4, VALUES),
        of_extreme_numbers=worth(3, extremes),
        gradient=worth(2, GRADIENTS),
        is_pure=once_right(1, VALUES, extremes),
        gradcheck=POINT,
    )


test_sigmoid = squashing("activations.sigmoid", BOUNDED_EXTREMES)
test_tanh = squashing("activations.tanh", BOUNDED_EXTREMES)
test_relu = forward(
    "activations.relu", values=worth(7, VALUES, BENT_EXTREMES), gradient=worth(2, GRADIENTS), gradcheck=POINT
)
test_silu = squashing("activations.silu", EXTREMES)
test_leaky_relu = forward(
    "activations.leaky_relu",
    values=worth(5, SLOPED, SLOPED_EXTREMES),
    defaults=worth(2, DEFAULT_SLOPE),
    gradient=worth(2, slopes_of(sloped)),
    gradcheck=POINT | {"negative_slope": 0.2},
)
test_gelu = forward(
    "activations.gelu", values=worth(7, VALUES, EXTREMES), gradient=worth(2, GRADIENTS), gradcheck=POINT
)


# ------------------------------------------------------------------------------------------- their slopes


def slope(exercise, extremes):
    return function(
        exercise,
        values=worth(6, VALUES),
        of_extreme_numbers=worth(3, extremes),
        is_pure=once_right(1, VALUES, extremes),
    )


test_sigmoid_grad = slope("activations.sigmoid_grad", BOUNDED_EXTREMES)
test_tanh_grad = slope("activations.tanh_grad", BOUNDED_EXTREMES)
test_relu_grad = function("activations.relu_grad", values=worth(9, VALUES, BOUNDED_EXTREMES))
test_leaky_relu_grad = function(
    "activations.leaky_relu_grad", values=worth(7, SLOPED, SLOPED_EXTREMES), defaults=worth(2, DEFAULT_SLOPE)
)
test_gelu_grad = slope("activations.gelu_grad", EXTREMES)
test_silu_grad = slope("activations.silu_grad", EXTREMES)


# ------------------------------------------------------------------------------------ what becomes of them


@dataclass(frozen=True)
class Means(Draw):
    """Cases whose result is a list of Python floats that were computed in the dtype of the inputs.

    For preactivations between -4 and 4 a slope written s (1 - s) loses at most exp(4) = 55 roundings to
    cancellation, and ten layers multiply ten of them: 600 roundings with the mean's own, relative to the result.
    `floor` is where saturated layers end: s (1 - s) may leave one rounding there, or none.
    """

    floor: float = 0.0

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        rounding = torch.finfo(case.dtype).eps
        return replace(case, tolerance=[600 * rounding * size + self.floor * rounding for size in case.expected])


@st.composite
def layers(draw, dtype, depths=(2, 3, 1, 5, 10)):
    shape = draw(st.sampled_from([(2, 3), (5,), (3, 2), (1, 4), (4, 1), (3, 3)]))
    grad = draw(some.tensors(shape, dtype))
    depth = draw(st.sampled_from(depths))
    return {
        "grad": torch.where(grad == 0, -0.5, grad),
        "preactivations": [draw(some.tensors(shape, dtype, scale=0.5)) for _ in range(depth)],
    }


@st.composite
def saturated_layers(draw, dtype):
    """Layers that let nothing through, on either side: 0, and not NaN."""
    case = draw(layers(dtype, depths=(2, 3)))
    far = draw(st.sampled_from([100.0, 800.0, 1e4]))
    position = draw(st.integers(0, len(case["preactivations"]) - 1))
    signs = torch.where(case["preactivations"][position] > 0, 1.0, -1.0).to(dtype)
    case["preactivations"][position] = far * signs
    return case


LAYERS, SATURATED_LAYERS = Means(layers, count=16), Means(saturated_layers, count=6, floor=64.0)
test_gradient_through_depth = function(
    "activations.gradient_through_depth",
    values=worth(7, LAYERS),
    of_saturated_layers=worth(2, SATURATED_LAYERS),
    is_pure=once_right(1, LAYERS, SATURATED_LAYERS),
)


@st.composite
def hidden_layers(draw, dtype):
    """Outputs of a ReLU: some units always 0, some 0 now and then, some only just alive on a single sample."""
    samples, units = draw(some.sizes(1, 6)), draw(some.sizes(1, 7))
    activations = draw(some.tensors((samples, units), dtype)).abs()
    for unit in range(units):
        kind = draw(st.sampled_from(["as drawn", "dead", "nearly dead", "alive now and then"]))
        if kind in ("dead", "nearly dead"):
            activations[:, unit] = 0
        if kind == "nearly dead":  # its square is still a number in float32
            activations[draw(st.integers(0, samples - 1)), unit] = draw(st.sampled_from([1e-15, 1e-6, 0.5]))
        elif kind == "alive now and then":
            activations[draw(st.integers(0, samples - 1)), unit] = 0
    return {"activations": activations}


class Shares(Draw):
    """Cases whose result is a share, a Python float, which may come from a mean in float32 whatever the inputs."""

    def make(self, inputs, parameters, reference):
        return replace(super().make(inputs, parameters, reference), tolerance=1e-6)


ALL_ALIKE = some.in_dtypes(*({"activations": [[number] * 3] * 4} for number in (0.0, 0.5)))
# Alive on one sample of many, where nearly always is not always.
RARELY_ALIVE = {"activations": torch.eye(250)[:, 170:171] * torch.tensor([[0.5, 0.0, 2.0]])}
test_dead_relu_fraction = function(
    "activations.dead_relu_fraction",
    values=worth(9, Shares(hidden_layers, count=20, always=(*ALL_ALIKE, RARELY_ALIVE))),
)
