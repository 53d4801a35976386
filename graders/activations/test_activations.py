"""Hidden grader of the unit activations."""

from dataclasses import dataclass, replace

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import ROUNDINGS, Draw
from backpass.judging.checks import check
from backpass.judging.gradcheck import passes_gradcheck
from graders import strategies as some

BOTH = (torch.float32, torch.float64)
FLOAT64 = (torch.float64,)


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


def shapes():
    return st.sampled_from([(3,), (), (2, 3), (1,), (3, 2), (2, 1, 3), (1, 4), (5,)])


@st.composite
def numbers(draw, dtype):
    return {"x": draw(some.tensors(draw(shapes()), dtype))}


@st.composite
def numbers_off_zero(draw, dtype):
    """Where kinks and ties have no say: at 0 the conventions for a slope differ."""
    x = draw(some.tensors(draw(shapes()), dtype, scale=0.5))
    return {"x": torch.where(x == 0, torch.full_like(x, 0.375), x)}


def and_a_slope(strategy):
    """Slopes between 0 and 1, none of them the default."""

    @st.composite
    def with_slope(draw, dtype):
        return draw(strategy(dtype)) | {"negative_slope": draw(st.sampled_from([0.2, 0.05, 0.5, 0.3, 0.0]))}

    return with_slope


# Where float64 still tells tanh from 1, nearer to 0 than 1, beyond where exp leaves float32 (88.7) and float64 (709.8),
# and where even squares are huge.
SIZES = (9.0, 14.0, 20.0, 33.0, 40.0, 100.0, 800.0, 1e4, 1e15)
# In the last two one number outvotes the other: neither sign speaks for the whole tensor.
PAIRS = tuple((size, -size) for size in SIZES) + ((800.0, -1e4), (1e4, -800.0))
FAR = tuple({"x": torch.tensor([pair], dtype=dtype)} for dtype in BOTH for pair in PAIRS)
NEAR_ZERO = [0.0, -0.0, 0.25, -0.25, 0.02, -0.02, 0.001, -0.001, 5e-6, -5e-6, 3e-7, -3e-7, 3e-9, -3e-9]
ZEROS = tuple({"x": torch.tensor(NEAR_ZERO, dtype=dtype)} for dtype in BOTH)
# Where squares are infinite: a bend by comparison has no use for them.
HUGE = tuple({"x": torch.tensor([[size, -size]], dtype=dtype)} for dtype, size in zip(BOTH, (1e30, 1e200), strict=True))
FAR_SLOPED = tuple(case | {"negative_slope": 0.25} for case in FAR + HUGE)
ZEROS_SLOPED = tuple(case | {"negative_slope": 0.25} for case in ZEROS)

VALUES = Elementwise(numbers, count=12, always=ZEROS)
EXTREMES = Elementwise(None, always=FAR)
RELU_EXTREMES = Elementwise(None, always=FAR + HUGE)
BOUNDED_EXTREMES = Elementwise(None, always=FAR, bounded=True)
GRADIENTS = Elementwise(numbers_off_zero, count=8, dtypes=FLOAT64, gradient=True)
SLOPED = Elementwise(and_a_slope(numbers), count=12, always=ZEROS_SLOPED)
SLOPED_EXTREMES = Elementwise(None, always=FAR_SLOPED)
SLOPED_GRADIENTS = Elementwise(and_a_slope(numbers_off_zero), count=8, dtypes=FLOAT64, gradient=True)
DEFAULT_SLOPE = Elementwise(numbers, count=4)

# Off every kink, on both sides of 0.
FOR_GRADCHECK = torch.tensor([[0.5, -1.0, 2.0], [-0.25, 1.5, -3.0]], dtype=torch.float64)


def is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


def is_pure_and_differentiable(student, cases, **arguments):
    is_pure(student, cases)
    passes_gradcheck(student, {"x": FOR_GRADCHECK, **arguments})


# ----------------------------------------------------------------------------------------- the functions


@check("activations.sigmoid", VALUES, weight=4)
def test_sigmoid_values(student, cases):
    agree(student, cases)


@check("activations.sigmoid", BOUNDED_EXTREMES, weight=3)
def test_sigmoid_of_extreme_numbers(student, cases):
    agree(student, cases)


@check("activations.sigmoid", GRADIENTS, weight=2)
def test_sigmoid_gradient(student, cases):
    agree(student, cases)


@check("activations.sigmoid", VALUES, BOUNDED_EXTREMES, once_right=True)
def test_sigmoid_is_pure(student, cases):
    is_pure_and_differentiable(student, cases)


@check("activations.tanh", VALUES, weight=4)
def test_tanh_values(student, cases):
    agree(student, cases)


@check("activations.tanh", BOUNDED_EXTREMES, weight=3)
def test_tanh_of_extreme_numbers(student, cases):
    agree(student, cases)


@check("activations.tanh", GRADIENTS, weight=2)
def test_tanh_gradient(student, cases):
    agree(student, cases)


@check("activations.tanh", VALUES, BOUNDED_EXTREMES, once_right=True)
def test_tanh_is_pure(student, cases):
    is_pure_and_differentiable(student, cases)


@check("activations.relu", VALUES, RELU_EXTREMES, weight=7)
def test_relu_values(student, cases):
    agree(student, cases)


@check("activations.relu", GRADIENTS, weight=2)
def test_relu_gradient(student, cases):
    agree(student, cases)


@check("activations.relu", VALUES, RELU_EXTREMES, once_right=True)
def test_relu_is_pure(student, cases):
    is_pure_and_differentiable(student, cases)


@check("activations.silu", VALUES, weight=4)
def test_silu_values(student, cases):
    agree(student, cases)


@check("activations.silu", EXTREMES, weight=3)
def test_silu_of_extreme_numbers(student, cases):
    agree(student, cases)


@check("activations.silu", GRADIENTS, weight=2)
def test_silu_gradient(student, cases):
    agree(student, cases)


@check("activations.silu", VALUES, EXTREMES, once_right=True)
def test_silu_is_pure(student, cases):
    is_pure_and_differentiable(student, cases)


@check("activations.leaky_relu", SLOPED, SLOPED_EXTREMES, weight=5)
def test_leaky_relu_values(student, cases):
    agree(student, cases)


@check("activations.leaky_relu", DEFAULT_SLOPE, weight=2)
def test_leaky_relu_default(student, cases):
    agree(student, cases)


@check("activations.leaky_relu", SLOPED_GRADIENTS, weight=2)
def test_leaky_relu_gradient(student, cases):
    agree(student, cases)


@check("activations.leaky_relu", SLOPED, SLOPED_EXTREMES, once_right=True)
def test_leaky_relu_is_pure(student, cases):
    is_pure_and_differentiable(student, cases, negative_slope=0.2)


@check("activations.gelu", VALUES, EXTREMES, weight=7)
def test_gelu_values(student, cases):
    agree(student, cases)


@check("activations.gelu", GRADIENTS, weight=2)
def test_gelu_gradient(student, cases):
    agree(student, cases)


@check("activations.gelu", VALUES, EXTREMES, once_right=True)
def test_gelu_is_pure(student, cases):
    is_pure_and_differentiable(student, cases)


# ------------------------------------------------------------------------------------------- their slopes


@check("activations.sigmoid_grad", VALUES, weight=6)
def test_sigmoid_grad_values(student, cases):
    agree(student, cases)


@check("activations.sigmoid_grad", BOUNDED_EXTREMES, weight=3)
def test_sigmoid_grad_of_extreme_numbers(student, cases):
    agree(student, cases)


@check("activations.sigmoid_grad", VALUES, BOUNDED_EXTREMES, once_right=True)
def test_sigmoid_grad_is_pure(student, cases):
    is_pure(student, cases)


@check("activations.tanh_grad", VALUES, weight=6)
def test_tanh_grad_values(student, cases):
    agree(student, cases)


@check("activations.tanh_grad", BOUNDED_EXTREMES, weight=3)
def test_tanh_grad_of_extreme_numbers(student, cases):
    agree(student, cases)


@check("activations.tanh_grad", VALUES, BOUNDED_EXTREMES, once_right=True)
def test_tanh_grad_is_pure(student, cases):
    is_pure(student, cases)


@check("activations.relu_grad", VALUES, BOUNDED_EXTREMES, weight=9)
def test_relu_grad_values(student, cases):
    agree(student, cases)


@check("activations.relu_grad", VALUES, BOUNDED_EXTREMES, once_right=True)
def test_relu_grad_is_pure(student, cases):
    is_pure(student, cases)


@check("activations.leaky_relu_grad", SLOPED, SLOPED_EXTREMES, weight=7)
def test_leaky_relu_grad_values(student, cases):
    agree(student, cases)


@check("activations.leaky_relu_grad", DEFAULT_SLOPE, weight=2)
def test_leaky_relu_grad_default(student, cases):
    agree(student, cases)


@check("activations.leaky_relu_grad", SLOPED, SLOPED_EXTREMES, once_right=True)
def test_leaky_relu_grad_is_pure(student, cases):
    is_pure(student, cases)


@check("activations.gelu_grad", VALUES, weight=6)
def test_gelu_grad_values(student, cases):
    agree(student, cases)


@check("activations.gelu_grad", EXTREMES, weight=3)
def test_gelu_grad_of_extreme_numbers(student, cases):
    agree(student, cases)


@check("activations.gelu_grad", VALUES, EXTREMES, once_right=True)
def test_gelu_grad_is_pure(student, cases):
    is_pure(student, cases)


@check("activations.silu_grad", VALUES, weight=6)
def test_silu_grad_values(student, cases):
    agree(student, cases)


@check("activations.silu_grad", EXTREMES, weight=3)
def test_silu_grad_of_extreme_numbers(student, cases):
    agree(student, cases)


@check("activations.silu_grad", VALUES, EXTREMES, once_right=True)
def test_silu_grad_is_pure(student, cases):
    is_pure(student, cases)


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

        tolerance = [600 * rounding * size + self.floor * rounding for size in case.expected]
        return replace(case, tolerance=tolerance)


def stack_of_layers(draw, dtype, depth):
    shape = draw(st.sampled_from([(2, 3), (3, 2), (1, 4), (4, 1), (5,), (3, 3)]))
    grad = draw(some.tensors(shape, dtype))
    return {
        "grad": torch.where(grad == 0, torch.full_like(grad, -0.5), grad),
        "preactivations": [draw(some.tensors(shape, dtype, scale=0.5)) for _ in range(depth)],
    }


@st.composite
def sigmoid_layers(draw, dtype):
    return stack_of_layers(draw, dtype, draw(st.sampled_from([2, 3, 1, 5, 10])))


@st.composite
def saturated_layers(draw, dtype):
    """Layers that let nothing through, on either side: 0, and not NaN."""
    case = stack_of_layers(draw, dtype, draw(st.sampled_from([2, 3])))
    far = draw(st.sampled_from([100.0, 800.0, 1e4]))
    position = draw(st.integers(0, len(case["preactivations"]) - 1))
    signs = torch.where(case["preactivations"][position] > 0, 1.0, -1.0).to(dtype)
    case["preactivations"][position] = far * signs
    return case


LAYERS = Means(sigmoid_layers, count=16)
SATURATED_LAYERS = Means(saturated_layers, count=6, floor=64.0)


@check("activations.gradient_through_depth", LAYERS, weight=7)
def test_gradient_through_depth_values(student, cases):
    agree(student, cases)


@check("activations.gradient_through_depth", SATURATED_LAYERS, weight=2)
def test_gradient_through_depth_of_saturated_layers(student, cases):
    agree(student, cases)


@check("activations.gradient_through_depth", LAYERS, SATURATED_LAYERS, once_right=True)
def test_gradient_through_depth_is_pure(student, cases):
    is_pure(student, cases)


@st.composite
def hidden_layers(draw, dtype):
    """Outputs of a ReLU: some units always 0, some 0 now and then, some only just alive on a single sample."""
    samples, units = draw(some.sizes(1, 6)), draw(some.sizes(1, 7))
    activations = draw(some.tensors((samples, units), dtype)).abs()
    kinds = st.sampled_from(["as drawn", "dead", "nearly dead", "alive now and then"])
    for unit in range(units):
        kind = draw(kinds)
        if kind == "dead":
            activations[:, unit] = 0
        elif kind == "nearly dead":  # its square is still a number in float32
            activations[:, unit] = 0
            activations[draw(st.integers(0, samples - 1)), unit] = draw(st.sampled_from([1e-15, 1e-6, 0.5]))
        elif kind == "alive now and then":
            activations[draw(st.integers(0, samples - 1)), unit] = 0
    return {"activations": activations}


def one_kind_of_layer(dtype):
    """All units dead, or none."""
    yield {"activations": torch.zeros(4, 3, dtype=dtype)}
    yield {"activations": torch.full((4, 3), 0.5, dtype=dtype)}


class Shares(Draw):
    """Cases whose result is a share, a Python float, which may come from a mean in float32 whatever the inputs."""

    def make(self, inputs, parameters, reference):
        return replace(super().make(inputs, parameters, reference), tolerance=1e-6)


ONE_KIND = tuple(case for dtype in BOTH for case in one_kind_of_layer(dtype))
HIDDEN_LAYERS = Shares(hidden_layers, count=20, always=ONE_KIND)


@check("activations.dead_relu_fraction", HIDDEN_LAYERS, weight=9)
def test_dead_relu_fraction_values(student, cases):
    agree(student, cases)


@check("activations.dead_relu_fraction", HIDDEN_LAYERS, once_right=True)
def test_dead_relu_fraction_is_pure(student, cases):
    is_pure(student, cases)
