"""Hidden grader of the unit neurons."""

from dataclasses import replace

import torch
from hypothesis import assume
from hypothesis import strategies as st

from backpass.judging.cases import Draw, draw, fixed
from backpass.judging.kinds import forward, once_right, worth
from graders import strategies as some

FLOAT64 = (torch.float64,)


def numbers(**shapes):
    """Inputs for gradcheck, float64 and of order 1; a list of shapes gives a list of tensors."""
    generator = torch.Generator().manual_seed(3)

    def made(shape):
        if isinstance(shape, list):
            return [made(each) for each in shape]
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    return {name: made(shape) for name, shape in shapes.items()}


def slopes(strategy, count=8):
    """Points at which gradients are compared."""
    return draw(strategy, count=count, dtypes=FLOAT64, gradient=True)


# ------------------------------------------------------------------------------------------------ neuron

neurons = some.inputs(x="i", weight=("i", 0.1), bias=("", 0.3))


@st.composite
def neurons_off_zero(draw, dtype):
    """Not at z = 0, where ways of writing a sigmoid with abs have no slope of their own."""
    case = draw(neurons(dtype))
    assume(abs((case["x"] @ case["weight"] + case["bias"]).item()) > some.KINK)
    return case


# Inputs, weights and a bias of exactly 0 say no more than that: the numbers after them count.
WITH_ZEROS, OTHERS = [0.0, 1.5, 0.0, -0.75], [0.5, 0.25, -1.0, -0.4]
SPARSE = some.in_dtypes(
    {"x": WITH_ZEROS, "weight": OTHERS, "bias": torch.tensor(0.3, dtype=torch.float64)},
    {"x": OTHERS, "weight": WITH_ZEROS, "bias": torch.tensor(0.0)},
)
# Large sums. Some are sums of ones: no input is large then, and so the tolerance is small.
LARGE_SUMS = some.in_dtypes(
    *(
        {"x": [1.0] * size, "weight": [sign] * size, "bias": torch.tensor(0.5)}
        for size in (40, 100)
        for sign in (1.0, -1.0)
    ),
    *(
        {"x": list(pair), "weight": [1.0, 0.5], "bias": torch.tensor(-0.25)}
        for pair in ((800.0, 1.0), (-800.0, 2.0), (20.0, 3.0), (-20.0, 3.0), (1e4, 0.0), (-1e4, 1.0), (-1e30, 1.0))
    ),
)
NEURONS, SATURATED = draw(neurons, count=16, always=SPARSE), fixed(*LARGE_SUMS)
test_neuron = forward(
    "neurons.neuron",
    values=worth(5, NEURONS),
    of_large_sums=worth(2, SATURATED),
    gradient=worth(2, slopes(neurons_off_zero)),
    is_pure=once_right(1, NEURONS, SATURATED),
    gradcheck=numbers(x=(3,), weight=(3,), bias=()),
)


# -------------------------------------------------------------------------------------------- linear layers

LAYER = {"x": "n i", "weight": "o i", "bias": "o"}
ONE_SAMPLE = some.with_changes(some.inputs(**LAYER), lambda case: {"x": case["x"][:1]})
test_linear = forward(
    "neurons.linear",
    values=worth(
        7,
        draw(some.inputs(**LAYER), count=14),
        draw(some.inputs(**LAYER, square=True), count=3),
        draw(ONE_SAMPLE, count=2),
    ),
    gradient=worth(2, slopes(some.inputs(**LAYER))),
    gradcheck=numbers(x=(3, 2), weight=(4, 2), bias=(4,)),
)

STACK = {"w1": "h i", "b1": "h", "w2": "o h", "b2": "o"}
test_collapse_linear = forward(
    "neurons.collapse_linear",
    values=worth(7, draw(some.inputs(**STACK), count=14), draw(some.inputs(**STACK, square=True), count=3)),
    gradient=worth(2, slopes(some.inputs(**STACK))),
)


# ------------------------------------------------------------------------------------------------ networks


@st.composite
def networks(draw, dtype, square=False):
    depth = draw(st.sampled_from((2, 3) if square else (2, 3, 1, 4)))
    layers = [(f"{number + 1} {number}", f"{number + 1}") for number in range(depth)]
    weights, biases = ([(each[part], 0.3) for each in layers] for part in (0, 1))
    return draw(some.inputs(x="n 0", weights=weights, biases=biases, square=square)(dtype))


@st.composite
def networks_off_the_corner(draw, dtype):
    """Networks none of whose hidden units is at the kink, and one of which at least is alive in each layer."""
    case = draw(networks(dtype))
    assume(some.is_off_the_corner(case["x"], case["weights"][:-1], case["biases"][:-1]))
    return case


# Of any depth: in each layer here, one unit is on and one is off.
DEEP = some.in_dtypes(
    {
        "x": [[1.0, -2.0], [0.5, 3.0]],
        "weights": (*[[[1.0, -1.0], [-1.0, 1.0]]] * 6, [[1.0, -0.5], [0.25, 1.0], [2.0, -1.0]]),
        "biases": (*[[0.25, -0.5]] * 6, [0.5, 0.0, -0.25]),
    }
)
test_mlp_forward = forward(
    "neurons.mlp_forward",
    values=worth(7, draw(networks, count=16, always=DEEP), draw(lambda dtype: networks(dtype, square=True), count=3)),
    gradient=worth(2, slopes(networks_off_the_corner, count=10)),
    gradcheck=numbers(x=(3, 2), weights=[(4, 2), (3, 4), (2, 3)], biases=[(4,), (3,), (2,)]),
)

BLOCK = {"x": "n f", "w1": ("h f", 0.3), "b1": ("h", 0.5), "w2": ("f h", 0.3), "b2": ("f", 0.5)}


@st.composite
def blocks_off_the_corner(draw, dtype):
    case = draw(some.inputs(**BLOCK)(dtype))
    assume(some.is_off_the_corner(case["x"], [case["w1"]], [case["b1"]]))
    return case


# Samples whose correction is nothing, beside one that has one.
NO_CORRECTION = some.in_dtypes(
    {
        "x": [[-1.0, 2.0], [3.0, 0.5], [0.0, 0.0]],
        "w1": [[1.0, -0.5], [2.0, 0.25], [0.5, -1.0]],
        "b1": [-0.5, 0.0, -0.25],
        "w2": [[1.0, -2.0, 0.5], [0.25, 1.0, -1.0]],
        "b2": [0.0, 0.0],
    }
)
test_residual_block = forward(
    "neurons.residual_block",
    values=worth(
        7, draw(some.inputs(**BLOCK), count=14, always=NO_CORRECTION), draw(some.inputs(**BLOCK, square=True), count=3)
    ),
    gradient=worth(2, slopes(blocks_off_the_corner)),
    gradcheck=numbers(x=(3, 2), w1=(4, 2), b1=(4,), w2=(2, 4), b2=(2,)),
)


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
def regressions(draw, dtype, least=1):
    """Targets near to a linear function of independent columns; sometimes there are only as many samples as columns."""
    features = draw(some.sizes(least, 4))
    samples = features + draw(some.sizes(0, 5))
    x = draw(some.tensors((samples, features), torch.float64, scale=0.25, layouts=False))
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


# Not contiguous in memory.
TRANSPOSED = tuple(
    {"x": case["x"].mT, "y": case["y"]}
    for case in some.in_dtypes({"x": [[1.0, 0.5, -0.25, 2.0], [0.25, -1.0, 1.5, 0.5]], "y": [1.0, -0.5, 2.0, 1.25]})
)
test_least_squares = forward(
    "neurons.least_squares",
    values=worth(5, AnyMethod(regressions, count=16, always=TRANSPOSED)),
    of_columns_of_different_scales=worth(3, AnyMethod(scaled_regressions, count=10, dtypes=FLOAT64)),
    gradient=worth(1, AnyMethod(regressions, count=5, dtypes=FLOAT64, gradient=True)),
    gradcheck=numbers(x=(6, 3), y=(6,)),
)
