"""Hidden grader of the unit neurons."""

from dataclasses import replace

import torch
from hypothesis import assume
from hypothesis import strategies as st

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import Draw, draw, fixed
from backpass.judging.checks import check
from backpass.judging.gradcheck import passes_gradcheck
from graders import strategies as some

BOTH = (torch.float32, torch.float64)
FLOAT64 = (torch.float64,)
KINK = 1e-3  # gradients are asked for no nearer to a ReLU's kink than this: at the kink itself conventions differ


def random_inputs(**shapes):
    """Inputs for gradcheck, float64 and of order 1; a list of shapes gives a list of tensors."""
    generator = torch.Generator().manual_seed(3)

    def numbers(shape):
        if isinstance(shape, list):
            return [numbers(each) for each in shape]
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    return {name: numbers(shape) for name, shape in shapes.items()}


# ------------------------------------------------------------------------------------------------ neuron


@st.composite
def neuron_inputs(draw, dtype):
    inputs = draw(some.sizes(1, 6))
    return {
        "x": draw(some.tensors((inputs,), dtype)),
        "weight": draw(some.tensors((inputs,), dtype, scale=0.1)),
        "bias": draw(some.tensors((), dtype, scale=0.3)),
    }


@st.composite
def neuron_inputs_for_gradients(draw, dtype):
    """Not at z = 0, where ways of writing a sigmoid with abs have no slope of their own."""
    case = draw(neuron_inputs(dtype))
    assume(abs((case["x"] @ case["weight"] + case["bias"]).item()) > KINK)
    return case


def saturated(dtype):
    """Large sums. Some are sums of ones: no input is large then, and so the tolerance is small."""
    for size in (40, 100):
        ones = torch.ones(size, dtype=dtype)
        for sign in (1, -1):
            yield {"x": ones, "weight": sign * ones, "bias": torch.tensor(0.5, dtype=dtype)}
    for numbers in ([800.0, 1.0], [-800.0, 2.0], [20.0, 3.0], [-20.0, 3.0], [1e4, 0.0], [-1e4, 1.0], [-1e30, 1.0]):
        weight = torch.tensor([1.0, 0.5], dtype=dtype)
        yield {"x": torch.tensor(numbers, dtype=dtype), "weight": weight, "bias": torch.tensor(-0.25, dtype=dtype)}


def with_zeros(dtype):
    """Inputs, weights and a bias of exactly 0 say no more than that: the numbers after them count."""
    numbers = torch.tensor([0.0, 1.5, 0.0, -0.75], dtype=dtype)
    others = torch.tensor([0.5, 0.25, -1.0, -0.4], dtype=dtype)
    bias = torch.tensor(0.3, dtype=dtype)
    yield {"x": numbers, "weight": others, "bias": bias}
    yield {"x": others, "weight": numbers, "bias": torch.zeros_like(bias)}


WITH_ZEROS = tuple(case for dtype in BOTH for case in with_zeros(dtype))
NEURONS = draw(neuron_inputs, count=16, always=WITH_ZEROS)
NEURONS_GRADIENT = draw(neuron_inputs_for_gradients, count=8, dtypes=FLOAT64, gradient=True)
SATURATED = fixed(*(case for dtype in BOTH for case in saturated(dtype)))


@check("neurons.neuron", NEURONS, weight=5)
def test_neuron_values(student, cases):
    agree(student, cases)


@check("neurons.neuron", SATURATED, weight=2)
def test_neuron_of_large_sums(student, cases):
    agree(student, cases)


@check("neurons.neuron", NEURONS_GRADIENT, weight=2)
def test_neuron_gradient(student, cases):
    agree(student, cases)


@check("neurons.neuron", NEURONS, SATURATED, weight=1, once_right=True)
def test_neuron_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    passes_gradcheck(student, random_inputs(x=(3,), weight=(3,), bias=()))


# ------------------------------------------------------------------------------------------------ linear


def layer(draw, dtype, samples, inputs, outputs):
    return {
        "x": draw(some.tensors((samples, inputs), dtype)),
        "weight": draw(some.tensors((outputs, inputs), dtype)),
        "bias": draw(some.tensors((outputs,), dtype)),
    }


@st.composite
def layers(draw, dtype):
    return layer(draw, dtype, draw(some.sizes()), draw(some.sizes()), draw(some.sizes()))


@st.composite
def square_layers(draw, dtype):
    """Where all sizes agree, a transpose too many raises nothing: it must be told by its numbers."""
    size = draw(some.sizes(2, 4))
    return layer(draw, dtype, size, size, size)


@st.composite
def single_samples(draw, dtype):
    return layer(draw, dtype, 1, draw(some.sizes(2, 5)), draw(some.sizes(1, 5)))


LAYERS = draw(layers, count=14)
SQUARE_LAYERS = draw(square_layers, count=3)
SINGLE_SAMPLES = draw(single_samples, count=2)
LAYERS_GRADIENT = draw(layers, count=8, dtypes=FLOAT64, gradient=True)


@check("neurons.linear", LAYERS, SQUARE_LAYERS, SINGLE_SAMPLES, weight=7)
def test_linear_values(student, cases):
    agree(student, cases)


@check("neurons.linear", LAYERS_GRADIENT, weight=2)
def test_linear_gradient(student, cases):
    agree(student, cases)


@check("neurons.linear", LAYERS, SQUARE_LAYERS, weight=1, once_right=True)
def test_linear_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    passes_gradcheck(student, random_inputs(x=(3, 2), weight=(4, 2), bias=(4,)))


# --------------------------------------------------------------------------------------- collapse_linear


def two_layers(draw, dtype, inputs, hidden, outputs):
    return {
        "w1": draw(some.tensors((hidden, inputs), dtype)),
        "b1": draw(some.tensors((hidden,), dtype)),
        "w2": draw(some.tensors((outputs, hidden), dtype)),
        "b2": draw(some.tensors((outputs,), dtype)),
    }


@st.composite
def stacks(draw, dtype):
    return two_layers(draw, dtype, draw(some.sizes()), draw(some.sizes()), draw(some.sizes()))


@st.composite
def square_stacks(draw, dtype):
    size = draw(some.sizes(2, 4))
    return two_layers(draw, dtype, size, size, size)


STACKS = draw(stacks, count=14)
SQUARE_STACKS = draw(square_stacks, count=3)
STACKS_GRADIENT = draw(stacks, count=8, dtypes=FLOAT64, gradient=True)


@check("neurons.collapse_linear", STACKS, SQUARE_STACKS, weight=7)
def test_collapse_linear_values(student, cases):
    agree(student, cases)


@check("neurons.collapse_linear", STACKS_GRADIENT, weight=2)
def test_collapse_linear_gradient(student, cases):
    agree(student, cases)


@check("neurons.collapse_linear", STACKS, SQUARE_STACKS, weight=1, once_right=True)
def test_collapse_linear_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


# ------------------------------------------------------------------------------------------- mlp_forward


def network(draw, dtype, samples, sizes):
    pairs = list(zip(sizes[1:], sizes[:-1], strict=True))
    return {
        "x": draw(some.tensors((samples, sizes[0]), dtype)),
        "weights": [draw(some.tensors(pair, dtype, scale=0.3)) for pair in pairs],
        "biases": [draw(some.tensors(pair[:1], dtype, scale=0.3)) for pair in pairs],
    }


@st.composite
def networks(draw, dtype, depths=(2, 3, 1, 4)):
    depth = draw(st.sampled_from(depths))
    return network(draw, dtype, draw(some.sizes(1, 5)), [draw(some.sizes(1, 5)) for _ in range(depth + 1)])


@st.composite
def square_networks(draw, dtype):
    size, depth = draw(some.sizes(2, 3)), draw(st.sampled_from([2, 3]))
    return network(draw, dtype, size, [size] * (depth + 1))


@st.composite
def networks_for_gradients(draw, dtype):
    """Networks none of whose hidden units is at the kink, and one of which at least is alive in each layer."""
    case = draw(networks(dtype))
    h = case["x"]
    for weight, bias in zip(case["weights"][:-1], case["biases"][:-1], strict=True):
        z = h @ weight.T + bias
        assume(bool((z.abs() > KINK).all() and (z > 0).any()))
        h = z.clamp(min=0)
    return case


NETWORKS = draw(networks, count=16)
SQUARE_NETWORKS = draw(square_networks, count=3)
NETWORKS_GRADIENT = draw(networks_for_gradients, count=10, dtypes=FLOAT64, gradient=True)


@check("neurons.mlp_forward", NETWORKS, SQUARE_NETWORKS, weight=7)
def test_mlp_forward_values(student, cases):
    agree(student, cases)


@check("neurons.mlp_forward", NETWORKS_GRADIENT, weight=2)
def test_mlp_forward_gradient(student, cases):
    agree(student, cases)


@check("neurons.mlp_forward", NETWORKS, SQUARE_NETWORKS, weight=1, once_right=True)
def test_mlp_forward_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    passes_gradcheck(student, random_inputs(x=(3, 2), weights=[(4, 2), (3, 4), (2, 3)], biases=[(4,), (3,), (2,)]))


# ---------------------------------------------------------------------------------------- residual_block


def block(draw, dtype, samples, features, hidden):
    return {
        "x": draw(some.tensors((samples, features), dtype)),
        "w1": draw(some.tensors((hidden, features), dtype, scale=0.3)),
        "b1": draw(some.tensors((hidden,), dtype, scale=0.5)),
        "w2": draw(some.tensors((features, hidden), dtype, scale=0.3)),
        "b2": draw(some.tensors((features,), dtype, scale=0.5)),
    }


@st.composite
def blocks(draw, dtype):
    return block(draw, dtype, draw(some.sizes(1, 5)), draw(some.sizes(1, 5)), draw(some.sizes(1, 5)))


@st.composite
def square_blocks(draw, dtype):
    size = draw(some.sizes(2, 4))
    return block(draw, dtype, size, size, size)


@st.composite
def blocks_for_gradients(draw, dtype):
    case = draw(blocks(dtype))
    z = case["x"] @ case["w1"].T + case["b1"]
    assume(bool((z.abs() > KINK).all() and (z > 0).any()))
    return case


BLOCKS = draw(blocks, count=14)
SQUARE_BLOCKS = draw(square_blocks, count=3)
BLOCKS_GRADIENT = draw(blocks_for_gradients, count=8, dtypes=FLOAT64, gradient=True)


@check("neurons.residual_block", BLOCKS, SQUARE_BLOCKS, weight=7)
def test_residual_block_values(student, cases):
    agree(student, cases)


@check("neurons.residual_block", BLOCKS_GRADIENT, weight=2)
def test_residual_block_gradient(student, cases):
    agree(student, cases)


@check("neurons.residual_block", BLOCKS, SQUARE_BLOCKS, weight=1, once_right=True)
def test_residual_block_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    passes_gradcheck(student, random_inputs(x=(3, 2), w1=(4, 2), b1=(4,), w2=(2, 4), b2=(2,)))


# ----------------------------------------------------------------------------------------- least_squares


class AnyMethod(Draw):
    """Cases of least squares, held to what the statement promises: 1e-6 of each weight's size in float64.

    In float32 it is 1e-3. The columns there are of one scale and far from dependent (a condition number of
    at most 10), so that even the normal equations, which square it, lose no more than 100 roundings, 1e-5.
    """

    def make(self, inputs, parameters, reference):
        case = super().make(inputs, parameters, reference)
        allowed = 1e-6 if case.dtype == torch.float64 else 1e-3
        if case.cotangent is not None:
            tolerance = {
                name: allowed * (1 + grad.abs().max().item() + 0 * grad) for name, grad in case.expected.items()
            }
        else:
            # A weight that is small by chance is compared as if it moved the prediction by a tenth of what the
            # weight that moves it most does.
            lengths = torch.linalg.vector_norm(case.inputs["x"].double(), dim=0)
            floor = 0.1 * (case.expected.abs() * lengths).max() / lengths
            tolerance = allowed * torch.maximum(case.expected.abs(), floor)
        return replace(case, tolerance=tolerance)


@st.composite
def regressions(draw, dtype, least=1, most=4):
    """Targets near to a linear function of independent columns; sometimes there are only as many samples as columns."""
    features = draw(some.sizes(least, most))
    samples = features + draw(some.sizes(0, 5))
    x = draw(some.tensors((samples, features), torch.float64, scale=0.25))
    assume(bool(x.abs().amax(0).min() > 0.1) and torch.linalg.cond(x).item() < 10)
    weights = 0.5 + draw(some.tensors((features,), torch.float64, scale=0.25)).abs()
    signs = torch.tensor([1.0, -1.0] * features, dtype=torch.float64)[:features]
    y = x @ (weights * signs) + draw(some.tensors((samples,), torch.float64, scale=0.1, layouts=False))
    return {"x": x.to(dtype), "y": y.to(dtype)}


@st.composite
def scaled_regressions(draw, dtype):
    """Columns in units that differ by a factor of up to a million, in any order."""
    case = draw(regressions(dtype, least=2))
    scales = torch.logspace(-3, 3, case["x"].shape[1], dtype=torch.float64)
    order = draw(st.permutations(range(len(scales))))
    return {"x": case["x"] * scales[list(order)], "y": case["y"]}


REGRESSIONS = AnyMethod(regressions, count=12)
SCALED_REGRESSIONS = AnyMethod(scaled_regressions, count=10, dtypes=FLOAT64)
REGRESSIONS_GRADIENT = AnyMethod(regressions, count=5, dtypes=FLOAT64, gradient=True)


@check("neurons.least_squares", REGRESSIONS, weight=5)
def test_least_squares_values(student, cases):
    agree(student, cases)


@check("neurons.least_squares", SCALED_REGRESSIONS, weight=3)
def test_least_squares_of_columns_of_different_scales(student, cases):
    agree(student, cases)


@check("neurons.least_squares", REGRESSIONS_GRADIENT, weight=1)
def test_least_squares_gradient(student, cases):
    agree(student, cases)


@check("neurons.least_squares", REGRESSIONS, weight=1, once_right=True)
def test_least_squares_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    passes_gradcheck(student, random_inputs(x=(6, 3), y=(6,)))
