"""Hidden grader of the unit backprop."""

from dataclasses import replace

import torch
from hypothesis import assume
from hypothesis import strategies as st

from backpass.judging.assertions import agree
from backpass.judging.cases import DTYPES, ROUNDINGS, Draw, draw, fixed
from backpass.judging.kinds import backward, function, once_right, worth
from graders import strategies as some
from graders.backprop.claims import Claims
from graders.backprop.claims import describe as describe_verdict
from graders.losses.test_losses import BATCHES, FAR_BATCHES
from graders.neurons.test_neurons import DEEP
from solutions.backprop import two_layer_backward
from solutions.losses import cross_entropy
from solutions.neurons import mlp_forward, residual_block

FLOOR = 1e-8  # of relative_error's denominator


def numbers(**shapes):
    """Tensors for gradcheck, float64 and of order 1; a list of shapes gives a list of them."""
    generator = torch.Generator().manual_seed(3)

    def made(shape):
        if isinstance(shape, list):
            return [made(each) for each in shape]
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    return {name: made(shape) for name, shape in shapes.items()}


# ------------------------------------------------------------------------------------ numerical_gradient


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


test_numerical_gradient = function(
    "backprop.numerical_gradient",
    values=worth(7, Differences(nudged, count=10)),
    takes_the_step_it_is_told=worth(2, Differences(None, always=INTERESTING)),
)


# ---------------------------------------------------------------------------------------- relative_error


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

CLASSIFIER = {"x": ("n i", 0.5), "w1": ("h i", 0.3), "b1": ("h", 0.3), "w2": ("o h", 0.2), "b2": ("o", 0.2)}


@st.composite
def classifiers(draw, dtype, square=False):
    """Where log(1 - p) is as exact as any other way to write the loss."""
    case = draw(some.inputs(**CLASSIFIER, square=square)(dtype))
    case |= {"w2": case["w2"][:1], "b2": case["b2"][:1]}
    x, w1, b1, w2, b2 = case.values()
    assume(some.is_off_the_corner(x, [w1], [b1]))
    assume(bool((((x @ w1.T + b1).clamp(min=0) @ w2.T + b2).abs() < 3.5).all()))
    y = draw(some.labels(len(x), 2)).to(dtype).unsqueeze(1)
    return {"x": x, "y": y, "w1": w1, "b1": b1, "w2": w2, "b2": b2}


# Sums that are exactly 0 however they are added up: a unit that is never on, a sample of zeros, a sum that cancels.
# And sums that are next to 0, on either side: biases alone, exact however the zeros are added.
NEXT_TO_ZERO = [1e-3, 1e-6, 1e-12, -1e-12, -1e-6]
OF_FIVE = [[1.0, 0.5], [0.5, -1.0], [-2.0, 1.0], [1.0, 1.0], [0.25, 0.5]]
ZEROS, CANCELLING = [[0.0, 0.0]] * 3, [[1.0, -2.0], [0.0, 0.0], [2.0, 1.0]]


def classifier(x, y, w1, b1, w2, b2):
    return {"x": x, "y": [[float(each)] for each in y], "w1": w1, "b1": b1, "w2": [w2], "b2": [b2]}


AT_ZERO = some.in_dtypes(
    classifier(ZEROS, (1, 0, 1), OF_FIVE, NEXT_TO_ZERO, [1.0, -2.0, 0.5, 3.0, -1.5], 0.5),
    classifier(CANCELLING, (1, 0, 0), [[2.0, 1.0], [0.5, -0.5], [0.0, 0.0]], [0.0] * 3, [0.5, -0.25, 1.0], 0.25),
    classifier([[0.5], [-1.0]], (1, 1), [[1.0], [2.0]], [-0.5, 2.0], [1.0, -1.0], 0.0),
)
# Confidently right and confidently wrong, on both sides and on one, where p is exactly 0 or 1 and the price of a
# mistake may be capped. One dtype at a time: a limit such as 1 - 1e-7 is another number in float32, and so is the loss.
SATURATED32, SATURATED64 = (
    fixed(
        *some.in_dtypes(
            *(
                classifier(
                    [[1.0], [1.0], [-1.0], [-1.0], [0.0]],
                    (1, 0, 1, 0, 1),
                    [[20.0], [-10.0], [0.5]],
                    [0.0, 0.0, 0.5],
                    [size / 20, -size / 10, 0.25],
                    0.0,
                )
                for size in (120.0, 800.0, 1e4)
            ),
            *(
                classifier([[2.0, 1.0], [1.0, 3.0]], y, [[1.0, 0.5], [0.0, 1.0]], [0.0, 0.0], [3 * size, 2 * size], 0.0)
                for y, size in (((1, 1), 10.0), ((1, 0), 100.0), ((0, 1), -100.0))
            ),
            dtypes=(dtype,),
        )
    )
    for dtype in DTYPES
)


def agrees_where_nothing_saturates(student, cases):
    """Without the accepted ways to cap a loss: where p is moderate they are all the same number."""
    agree(student, cases, strictly=True)


A_BATCH_OF_ONE = some.in_dtypes(
    classifier([[0.5, -1.0]], (0,), [[1.0, 0.5], [-0.5, -2.0], [0.25, 1.0]], [0.5, 0.25, -0.5], [1.0, -0.5, 2.0], 0.25)
)
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


@st.composite
def networks(draw, dtype, depths=(2, 3, 1, 4), square=False):
    depth = draw(st.sampled_from(depths))
    layers = [(f"{number + 1} {number}", f"{number + 1}") for number in range(depth)]
    weights, biases = ([(each[part], 0.15) for each in layers] for part in (0, 1))
    x, weights, biases = draw(some.inputs(x="n 0", weights=weights, biases=biases, square=square)(dtype)).values()
    assume(len(biases[-1]) > 1 and some.is_off_the_corner(x, weights[:-1], biases[:-1]))
    return {"x": x, "labels": draw(some.labels(len(x), len(biases[-1]))), "weights": weights, "biases": biases}


@st.composite
def networks_with_large_logits(draw, dtype):
    case = draw(networks(dtype, depths=(2, 1)))
    return case | {"weights": [*case["weights"][:-1], case["weights"][-1] * draw(st.sampled_from([400.0, 3000.0]))]}


INTO_TWO = [[1.0, -2.0, 0.5, 3.0, -1.5], [0.5, 1.0, -1.0, 2.0, 1.0]]
NETWORKS_AT_ZERO = some.in_dtypes(
    {
        "x": ZEROS,
        "labels": [1, 0, 1],
        "weights": (OF_FIVE, INTO_TWO),
        "biases": (NEXT_TO_ZERO, [0.5, -0.25]),
    },
    {
        "x": CANCELLING,
        "labels": [2, 0, 1],
        "weights": (
            [[2.0, 1.0], [0.5, -0.5], [0.0, 0.0], [1.0, 1.0]],
            [[1.0, -1.0, 0.5, 2.0], [0.0, 2.0, -3.0, 0.0]],
            [[0.5, -0.25], [-1.0, 1.0], [0.25, 0.5]],
        ),
        "biases": ([0.0] * 4, [0.0, -3.0], [0.25, 0.0, -0.5]),
    },
    {
        "x": [[0.5], [-1.0]],
        "labels": [1, 0],
        "weights": ([[1.0], [2.0]], [[1.0, -1.0], [0.5, 0.25]]),
        "biases": ([-0.5, 2.0], [0.0, 0.0]),
    },
)
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

BLOCK = {"grad_out": "n f", "x": "n f", "w1": ("h f", 0.3), "b1": ("h", 0.5), "w2": ("f h", 0.3), "b2": ("f", 0.5)}


@st.composite
def blocks(draw, dtype, square=False):
    case = draw(some.inputs(**BLOCK, square=square)(dtype))
    assume(some.is_off_the_corner(case["x"], [case["w1"]], [case["b1"]]))
    return case


UPSTREAM = [[1.0, -0.5], [2.0, 1.5], [-1.0, 0.25]]
BLOCKS_AT_ZERO = some.in_dtypes(
    {"grad_out": UPSTREAM, "x": ZEROS, "w1": OF_FIVE, "b1": NEXT_TO_ZERO, "w2": INTO_TWO, "b2": [0.25, 0.0]},
    {
        "grad_out": UPSTREAM,
        "x": CANCELLING,
        "w1": [[2.0, 1.0], [0.5, -0.5], [0.0, 0.0]],
        "b1": [0.0, 0.0, 0.0],
        "w2": [[0.5, -0.25, 1.0], [1.0, 2.0, -0.5]],
        "b2": [0.25, 0.0],
    },
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
