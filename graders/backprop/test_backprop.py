"""Hidden grader of the unit backprop."""

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree
from backpass.judging.cases import draw, fixed
from backpass.judging.kinds import backward, function, once_right, worth
from graders import strategies as some
from graders.backprop.claims import Claims
from graders.backprop.claims import describe as describe_verdict
from graders.backprop.differences import INTERESTING, NEAR_ZERO, Differences, RelativeErrors, nearly_equal, nudged
from graders.backprop.networks import (
    A_BATCH_OF_ONE,
    AT_ZERO,
    BLOCKS_AT_ZERO,
    NETWORKS_AT_ZERO,
    SATURATED32,
    SATURATED64,
    blocks,
    classifiers,
    networks,
    networks_with_large_logits,
)
from graders.losses.test_losses import BATCHES, FAR_BATCHES
from graders.neurons.test_neurons import DEEP
from solutions.backprop import two_layer_backward
from solutions.losses import cross_entropy
from solutions.neurons import mlp_forward, residual_block


def numbers(**shapes):
    """Tensors for gradcheck, float64 and of order 1; a list of shapes gives a list of them."""
    generator = torch.Generator().manual_seed(3)

    def made(shape):
        if isinstance(shape, list):
            return [made(each) for each in shape]
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    return {name: made(shape) for name, shape in shapes.items()}


# ------------------------------------------------------------------------------------ numerical_gradient


test_numerical_gradient = function(
    "backprop.numerical_gradient",
    values=worth(7, Differences(nudged, count=10)),
    takes_the_step_it_is_told=worth(2, Differences(None, always=INTERESTING)),
)


# ---------------------------------------------------------------------------------------- relative_error


UNRELATED, AT_THE_FLOOR = RelativeErrors(some.inputs(a="...", b="..."), count=8), RelativeErrors(None, always=NEAR_ZERO)
test_relative_error = function(
    "backprop.relative_error",
    values=worth(6, UNRELATED, RelativeErrors(nearly_equal, count=10)),
    of_numbers_near_zero=worth(3, AT_THE_FLOOR),
    is_pure=once_right(1, UNRELATED, AT_THE_FLOOR),
)

RIGHT = Claims(right=True)
test_check_gradient = function(
    "backprop.check_gradient",
    values=worth(9, RIGHT, Claims(right=False)),
    is_pure=once_right(1, RIGHT),
    describe=describe_verdict,
)


# ------------------------------------------------------------------------------------------- single layers

LARGE = 1e4  # times the usual: gradients explode, and a backward pass carries them on as they are
LAYER = some.inputs(grad_out="n o", x="n i", weight="o i")
test_linear_backward = backward(
    "backprop.linear_backward",
    values=worth(
        8,
        draw(LAYER, count=14),
        draw(some.inputs(grad_out="n o", x="n i", weight="o i", square=True), count=2),
        draw(some.inputs(grad_out=("n o", LARGE), x="n i", weight="o i"), count=3),
    ),
    is_pure=once_right(2),
    of=lambda x, weight, bias: x @ weight.T + bias,
    at=numbers(x=(3, 2), weight=(4, 2), bias=(4,)),
    by=lambda given, grad_out: {"grad_out": grad_out, "x": given["x"], "weight": given["weight"]},
)


def saturating(function, low, high):
    """Gradients and outputs of `function`, which now and then has nearly saturated, or wholly: to `low` or `high`."""

    @st.composite
    def outputs(draw, dtype):
        case = draw(some.inputs(grad_out="...", out=("...", 0.5), shapes=some.ANY_SHAPE | SQUARES)(dtype))
        x = case["out"].double()
        out = torch.where(x > 3, high, torch.where(x < -3, low, function(draw(st.sampled_from([1, 1, 4])) * x)))
        return case | {"out": some.as_laid_out(x, out).to(dtype)}

    # Gradients that explode, and that have nearly vanished, are carried on as they are.
    out = [[[low, (low + high) / 2, high]], [[0.125, 0.25, 0.875]]]
    sizes = some.in_dtypes({"grad_out": [[[LARGE, LARGE, 1.0]], [[3 * LARGE, -2 * LARGE, 1.5e-9]]], "out": out})
    return draw(outputs, count=16, always=sizes)


def logistic(x):
    return (1 + torch.tanh(x / 2)) / 2


SQUARES = st.sampled_from([(2, 2), (3, 3), (4, 4)])  # where a matrix product instead of * raises nothing
# On the corner, near to it on both sides, and far from it; square, so that a matrix product raises nothing, and with a
# row and a column that are shut, so that gates of whole rows or columns show.
AROUND_THE_CORNER = [
    [0.0, -0.0, 1e-30, 1.0, -1e-30],
    [1e-10, 3e-8, 3e-7, 3e-6, -0.25],
    [1e-4, 0.75, 30.0, 0.25, -1.0],
    [2.0, -0.5, 0.0, 6.5, -7.0],
    [-30.0, -3.0, -1e-4, -3e-6, 0.0],
]
GRADIENTS = [[row * column for column in (1.0, 4.0, -2.0, 3.0, -1.0)] for row in (1.5, -2.0, 3.0, -0.25, 0.5)]
GATES = draw(some.inputs(grad_out="...", x="..."), count=12)
AT_THE_CORNER = fixed(*some.in_dtypes({"grad_out": GRADIENTS, "x": AROUND_THE_CORNER}))
# For gradcheck: off the corner, on both sides of it.
POINT = torch.tensor([[0.5, -1.0, 2.0], [-0.25, 1.5, -3.0]], dtype=torch.float64)

test_relu_backward = backward(
    "backprop.relu_backward",
    at_the_corner=worth(3, AT_THE_CORNER),
    values=worth(
        6,
        GATES,
        draw(some.inputs(grad_out="n n", x="n n", square=True), count=2),
        fixed(*some.in_dtypes({"grad_out": (LARGE * torch.tensor(GRADIENTS)).tolist(), "x": AROUND_THE_CORNER})),
    ),
    is_pure=once_right(1, GATES, AT_THE_CORNER),
    of=lambda x: x.clamp(min=0),
    at={"x": POINT},
    by=lambda given, grad_out: {"grad_out": grad_out, "x": given["x"]},
)
test_sigmoid_backward = backward(
    "backprop.sigmoid_backward",
    values=worth(9, saturating(logistic, 0.0, 1.0)),
    of=logistic,
    at={"x": POINT},
    by=lambda given, grad_out: {"grad_out": grad_out, "out": logistic(given["x"])},
)
test_tanh_backward = backward(
    "backprop.tanh_backward",
    values=worth(9, saturating(torch.tanh, -1.0, 1.0)),
    of=torch.tanh,
    at={"x": POINT},
    by=lambda given, grad_out: {"grad_out": grad_out, "out": torch.tanh(given["x"])},
)

# Where prediction and target agree, in places or everywhere, the mean is over all elements still; and over those of all
# dimensions, of errors of any size.
AGREEING = some.in_dtypes(
    {"pred": [[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]], "target": [[1.0, 0.5, -1.0], [2.5, 0.0, -3.0]]},
    {"pred": [2.0, 2.0], "target": [2.0, 2.0]},
    {"pred": [0.0, 0.0, 0.0, 4.0], "target": [0.0, 1.0, 0.0, 4.0]},
    {"pred": [3e-7, 1.0], "target": [1e-7, 0.5]},
    {
        "pred": [[[1.0, -2.0], [0.5, 3e4], [2.0, 0.0]], [[-1.0, 4.0], [0.25, -1e4], [1.5, 1.0]]],
        "target": [[[0.0, 2.0], [0.25, 1.0], [2.5, -1.0]], [[-3.0, 1.0], [0.75, 1.0], [0.5, 1.0]]],
    },
)
TARGET = POINT.flip(0)
test_mse_backward = backward(
    "backprop.mse_backward",
    values=worth(9, draw(some.inputs(pred="...", target="..."), count=16), fixed(*AGREEING)),
    of=lambda pred: ((pred - TARGET) ** 2).mean(),
    at={"pred": POINT},
    by=lambda given, grad_out: {"pred": given["pred"], "target": TARGET},
)
LABELS = torch.tensor([2, 1])
# More than ten, so that no table of one-hot rows has the size of another course's.
TWELVE = torch.linspace(-3, 3, 36, dtype=torch.float64).reshape(3, 12) ** 2
MANY_CLASSES = fixed(*some.in_dtypes({"logits": TWELVE, "labels": [11, 0, 10]}))
test_softmax_cross_entropy_backward = backward(
    "backprop.softmax_cross_entropy_backward",
    values=worth(6, BATCHES, MANY_CLASSES),
    of_extreme_logits=worth(2, FAR_BATCHES),
    is_pure=once_right(2),
    of=lambda logits: cross_entropy(logits, LABELS),
    at={"logits": POINT},
    by=lambda given, grad_out: {"logits": given["logits"], "labels": LABELS},
)


# ---------------------------------------------------------------------------------- one hidden layer, sigmoid


def agrees_where_nothing_saturates(student, cases):
    """Without the accepted ways to cap a loss: where p is moderate they are all the same number."""
    agree(student, cases, strictly=True)


CLASSIFIERS = draw(classifiers, count=14, always=A_BATCH_OF_ONE)
DATA = numbers(x=(3, 2)) | {"y": torch.tensor([[1.0], [0.0], [1.0]], dtype=torch.float64)}
WEIGHTS = {"w1": (4, 2), "b1": (4,), "w2": (1, 4), "b2": (1,)}
test_two_layer_backward = backward(
    "backprop.two_layer_backward",
    values=worth(
        6,
        CLASSIFIERS,
        draw(lambda dtype: classifiers(dtype, square=True), count=3),
        test=agrees_where_nothing_saturates,
    ),
    at_the_corner=worth(1, fixed(*AT_ZERO), test=agrees_where_nothing_saturates),
    of_a_saturated_sigmoid=worth(1, SATURATED64),
    of_a_sigmoid_that_saturates_in_float32=worth(1, SATURATED32),
    is_pure=once_right(1, CLASSIFIERS, SATURATED32, SATURATED64),
    of=lambda **weights: two_layer_backward(**DATA, **weights)[0],
    at=numbers(**WEIGHTS),
    by=lambda given, grad_out: DATA | given,
    gradients=lambda result: [result[1][name] for name in WEIGHTS],
)


# --------------------------------------------------------------------------------------- networks and blocks


DEEP_NETWORK = tuple({"x": case["x"], "labels": torch.tensor([2, 0])} | case for case in DEEP)
NETWORKS, LARGE_LOGITS = draw(networks, count=14, always=DEEP_NETWORK), draw(networks_with_large_logits, count=8)
BATCH = numbers(x=(3, 2)) | {"labels": torch.tensor([1, 0, 1])}
test_mlp_backward = backward(
    "backprop.mlp_backward",
    values=worth(
        6,
        NETWORKS,
        draw(lambda dtype: networks(dtype, depths=(3, 4)), count=4),
        draw(lambda dtype: networks(dtype, depths=(2, 3), square=True), count=3),
    ),
    at_the_corner=worth(1, fixed(*NETWORKS_AT_ZERO)),
    of_large_logits=worth(2, LARGE_LOGITS),
    is_pure=once_right(1, NETWORKS, LARGE_LOGITS),
    of=lambda weights, biases: cross_entropy(mlp_forward(BATCH["x"], weights, biases), BATCH["labels"]),
    at=numbers(weights=[(4, 2), (3, 4), (2, 3)], biases=[(4,), (3,), (2,)]),
    by=lambda given, grad_out: BATCH | given,
    gradients=lambda result: [*result[1], *result[2]],
)


LAYERS = numbers(w1=(4, 2), b1=(4,), w2=(2, 4), b2=(2,))
test_residual_backward = backward(
    "backprop.residual_backward",
    values=worth(
        8,
        draw(blocks, count=14),
        draw(lambda dtype: blocks(dtype, square=True), count=3),
        draw(some.with_changes(blocks, lambda case: {"grad_out": LARGE * case["grad_out"]}), count=3),
    ),
    at_the_corner=worth(1, fixed(*BLOCKS_AT_ZERO)),
    of=lambda x: residual_block(x, **LAYERS),
    at={"x": POINT[:, :2]},
    by=lambda given, grad_out: {"grad_out": grad_out, "x": given["x"], **LAYERS},
)
