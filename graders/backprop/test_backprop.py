"""Hidden grader of the unit backprop."""

import functools
from dataclasses import replace

import torch
from hypothesis import assume
from hypothesis import strategies as st

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import ROUNDINGS, Draw, draw, fixed
from backpass.judging.checks import check
from backpass.judging.comparison import wrong_answers
from backpass.judging.failures import Failure
from backpass.judging.gradcheck import passes_gradcheck
from graders import strategies as some
from graders.backprop.claims import Claims
from graders.backprop.claims import describe as describe_verdict
from graders.losses.test_losses import BATCHES, FAR_BATCHES
from solutions.backprop import two_layer_backward
from solutions.losses import cross_entropy
from solutions.neurons import mlp_forward, residual_block

BOTH = (torch.float32, torch.float64)
FLOOR = 1e-8  # of relative_error's denominator
KINK = 1e-3  # rounding must not decide on which side of a ReLU's corner a number is: nearer than this, or exactly on it


def pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


def in_dtypes(*cases):
    """Cases that are written down, in both dtypes. Integers in the lists `labels`, floating-point numbers elsewhere."""

    def tensors(value, dtype):
        if isinstance(value, tuple):
            return [tensors(each, dtype) for each in value]
        return torch.tensor(value, dtype=dtype)

    for dtype in BOTH:
        for case in cases:
            yield {name: torch.tensor(v) if name == "labels" else tensors(v, dtype) for name, v in case.items()}


def shapes():
    return st.sampled_from([(3,), (2, 3), (), (1,), (3, 2), (2, 1, 3), (1, 4), (5,), (4, 1)])


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


def points_of_interest():
    """The default of h, visible in a function that wiggles quickly, and a corner where only both sides together are
    0."""
    quick = "sum of sin(1000 * x)"
    two = torch.Size([2])
    yield {
        "f": function_of(quick, two, lambda x, k: (1000 * x).sin().sum()),
        "x": torch.tensor([0.3, -0.2], dtype=torch.float64),
    }
    for h in (1e-5, 0.1):
        f = function_of(
            "sum of k * abs(x), where k = 1, 2, ... numbers the elements", two, lambda x, k: (k * x.abs()).sum()
        )
        yield {"f": f, "x": torch.tensor([0.0, -3.0], dtype=torch.float64), "h": h}
    # Large numbers next to small ones: a step measured by the numbers would differ from one to the next.
    f = function_of("sum of x ** 3", two, lambda x, k: (x**3).sum())
    yield {"f": f, "x": torch.tensor([30.0, 0.01], dtype=torch.float64), "h": 0.1}


NUDGED = Differences(nudged, count=10)
INTERESTING = Differences(None, always=tuple(points_of_interest()))


@check("backprop.numerical_gradient", NUDGED, weight=7)
def test_numerical_gradient_values(student, cases):
    agree(student, cases)


@check("backprop.numerical_gradient", INTERESTING, weight=2)
def test_numerical_gradient_takes_the_step_it_is_told(student, cases):
    agree(student, cases)


@check("backprop.numerical_gradient", NUDGED, once_right=True)
def test_numerical_gradient_is_pure(student, cases):
    pure(student, cases)


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
def unrelated(draw, dtype):
    shape = draw(shapes())
    return {"a": draw(some.tensors(shape, dtype)), "b": draw(some.tensors(shape, dtype))}


@st.composite
def nearly_equal(draw, dtype):
    """As in a gradient check: of any size, and apart by a small share of themselves."""
    shape = draw(shapes())
    a = draw(some.tensors(shape, dtype)) * draw(st.sampled_from([1.0, 100.0, 1e-3]))
    return {"a": a, "b": a * (1 + draw(some.tensors(shape, dtype, scale=draw(st.sampled_from([1e-3, 1e-2])))))}


def at_the_floor(dtype):
    """Numbers whose sizes add up to less than the floor, to just more, and to 0."""
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
    ):
        yield {"a": torch.tensor(a, dtype=dtype), "b": torch.tensor(b, dtype=dtype)}


UNRELATED = RelativeErrors(unrelated, count=8)
NEARLY_EQUAL = RelativeErrors(nearly_equal, count=10)
AT_THE_FLOOR = RelativeErrors(None, always=tuple(case for dtype in BOTH for case in at_the_floor(dtype)))


@check("backprop.relative_error", UNRELATED, NEARLY_EQUAL, weight=6)
def test_relative_error_values(student, cases):
    agree(student, cases)


@check("backprop.relative_error", AT_THE_FLOOR, weight=3)
def test_relative_error_of_numbers_near_zero(student, cases):
    agree(student, cases)


@check("backprop.relative_error", UNRELATED, AT_THE_FLOOR, once_right=True)
def test_relative_error_is_pure(student, cases):
    pure(student, cases)


# ---------------------------------------------------------------------------------------- check_gradient

RIGHT, WRONG = Claims(right=True), Claims(right=False)


@check("backprop.check_gradient", RIGHT, WRONG, weight=9)
def test_check_gradient_tells_right_from_wrong(student, cases):
    agree(student, cases, describe_verdict)


@check("backprop.check_gradient", RIGHT, once_right=True)
def test_check_gradient_is_pure(student, cases):
    pure(student, cases)


# --------------------------------------------------------------------------------------- linear_backward


@st.composite
def linear_layer(draw, dtype):
    samples, inputs, outputs = draw(some.sizes(1, 6)), draw(some.sizes(1, 6)), draw(some.sizes(1, 6))
    return {
        "grad_out": draw(some.tensors((samples, outputs), dtype)),
        "x": draw(some.tensors((samples, inputs), dtype)),
        "weight": draw(some.tensors((outputs, inputs), dtype)),
    }


@st.composite
def square_linear_layer(draw, dtype):
    size = draw(some.sizes(2, 4))
    return {name: draw(some.tensors((size, size), dtype)) for name in ("grad_out", "x", "weight")}


LAYERS = draw(linear_layer, count=14)
# Where all sizes agree, a forgotten transpose or * for @ raises nothing: it must be told by its numbers.
SQUARE_LAYERS = draw(square_linear_layer, count=2)


@check("backprop.linear_backward", LAYERS, SQUARE_LAYERS, weight=8)
def test_linear_backward_values(student, cases):
    agree(student, cases)


@check("backprop.linear_backward", LAYERS, SQUARE_LAYERS, weight=2, once_right=True)
def test_linear_backward_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    generator = torch.Generator().manual_seed(3)
    shapes = {"x": (3, 2), "weight": (4, 2), "bias": (4,)}
    inputs = {name: torch.randn(shape, generator=generator, dtype=torch.float64) for name, shape in shapes.items()}
    passes_gradcheck(
        student,
        inputs,
        forward=lambda x, weight, bias: x @ weight.T + bias,
        by=lambda given, grad_out: {"grad_out": grad_out, "x": given["x"], "weight": given["weight"]},
    )


# ------------------------------------------------------------------------------ activations, element by element


@st.composite
def gates(draw, dtype):
    shape = draw(shapes())
    return {"grad_out": draw(some.tensors(shape, dtype)), "x": draw(some.tensors(shape, dtype))}


@st.composite
def square_gates(draw, dtype):
    """Where a matrix product instead of * raises nothing."""
    size = draw(some.sizes(2, 4))
    return {"grad_out": draw(some.tensors((size, size), dtype)), "x": draw(some.tensors((size, size), dtype))}


def outputs_of(function, ends):
    """Gradients and outputs of `function`, which now and then has saturated: its output is one of `ends` exactly."""

    @st.composite
    def outputs(draw, dtype):
        size = draw(some.sizes(2, 4))
        shape = draw(shapes() | st.just((size, size)))
        x = draw(some.tensors(shape, torch.float64, scale=0.5))
        out = function(x)
        for sign, end in zip((-1, 1), ends, strict=True):
            out = torch.where(sign * x > 3, torch.full_like(out, end), out)
        return {"grad_out": draw(some.tensors(shape, dtype)), "out": out.to(dtype)}

    return outputs


def logistic(x):
    return (1 + torch.tanh(x / 2)) / 2


# On the corner, near to it on both sides, and far from it; square, so that a matrix product raises nothing, and with a
# row and a column that are shut, so that gates of whole rows or columns show.
AROUND_THE_CORNER = [
    [0.0, -0.0, 1e-30, 1.0, -1e-30],
    [1e-10, 3e-8, 3e-7, 3e-6, -0.25],
    [1e-4, 0.75, 30.0, 0.25, -1.0],
    [2.0, -0.5, 0.0, 6.5, -7.0],
    [-30.0, -3.0, -1e-4, -3e-6, 0.0],
]
CORNERS = tuple(
    {
        "grad_out": torch.tensor([1.5, -2.0, 3.0, -0.25, 0.5], dtype=dtype).outer(
            torch.tensor([1, 4, -2, 3, -1], dtype=dtype)
        ),
        "x": torch.tensor(AROUND_THE_CORNER, dtype=dtype),
    }
    for dtype in BOTH
)
GATES = draw(gates, count=12)
SQUARE_GATES = draw(square_gates, count=2)
AT_THE_CORNER = fixed(*CORNERS)
SIGMOIDS = draw(outputs_of(logistic, (0.0, 1.0)), count=16)
TANHS = draw(outputs_of(torch.tanh, (-1.0, 1.0)), count=16)
# Off the corner, on both sides of it.
FOR_GRADCHECK = torch.tensor([[0.5, -1.0, 2.0], [-0.25, 1.5, -3.0]], dtype=torch.float64)


@check("backprop.relu_backward", AT_THE_CORNER, weight=3)
def test_relu_backward_at_the_corner(student, cases):
    agree(student, cases)


@check("backprop.relu_backward", GATES, SQUARE_GATES, weight=6)
def test_relu_backward_values(student, cases):
    agree(student, cases)


@check("backprop.relu_backward", GATES, AT_THE_CORNER, once_right=True)
def test_relu_backward_is_pure(student, cases):
    pure(student, cases)
    passes_gradcheck(
        student,
        {"x": FOR_GRADCHECK},
        forward=lambda x: x.clamp(min=0),
        by=lambda given, grad_out: {"grad_out": grad_out, "x": given["x"]},
    )


@check("backprop.sigmoid_backward", SIGMOIDS, weight=9)
def test_sigmoid_backward_values(student, cases):
    agree(student, cases)


@check("backprop.sigmoid_backward", SIGMOIDS, once_right=True)
def test_sigmoid_backward_is_pure(student, cases):
    pure(student, cases)
    passes_gradcheck(
        student,
        {"x": FOR_GRADCHECK},
        forward=logistic,
        by=lambda given, grad_out: {"grad_out": grad_out, "out": logistic(given["x"])},
    )


@check("backprop.tanh_backward", TANHS, weight=9)
def test_tanh_backward_values(student, cases):
    agree(student, cases)


@check("backprop.tanh_backward", TANHS, once_right=True)
def test_tanh_backward_is_pure(student, cases):
    pure(student, cases)
    passes_gradcheck(
        student,
        {"x": FOR_GRADCHECK},
        forward=torch.tanh,
        by=lambda given, grad_out: {"grad_out": grad_out, "out": torch.tanh(given["x"])},
    )


# ------------------------------------------------------------------------------------------ the two losses


@st.composite
def predictions(draw, dtype):
    shape = draw(shapes())
    return {"pred": draw(some.tensors(shape, dtype)), "target": draw(some.tensors(shape, dtype))}


PREDICTIONS = draw(predictions, count=16)
# Where prediction and target agree, in places or everywhere, the mean is over all elements still.
AGREEING = (
    {"pred": [[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]], "target": [[1.0, 0.5, -1.0], [2.5, 0.0, -3.0]]},
    {"pred": [2.0, 2.0], "target": [2.0, 2.0]},
    {"pred": [0.0, 0.0, 0.0, 4.0], "target": [0.0, 1.0, 0.0, 4.0]},
)
AGREEING_PREDICTIONS = fixed(*in_dtypes(*AGREEING))


@check("backprop.mse_backward", PREDICTIONS, AGREEING_PREDICTIONS, weight=9)
def test_mse_backward_values(student, cases):
    agree(student, cases)


@check("backprop.mse_backward", PREDICTIONS, once_right=True)
def test_mse_backward_is_pure(student, cases):
    pure(student, cases)
    target = FOR_GRADCHECK.flip(0)
    passes_gradcheck(
        student,
        {"pred": FOR_GRADCHECK},
        forward=lambda pred: ((pred - target) ** 2).mean(),
        by=lambda given, grad_out: {"pred": given["pred"], "target": target},
    )


@check("backprop.softmax_cross_entropy_backward", BATCHES, weight=6)
def test_softmax_cross_entropy_backward_values(student, cases):
    agree(student, cases)


@check("backprop.softmax_cross_entropy_backward", FAR_BATCHES, weight=2)
def test_softmax_cross_entropy_backward_of_extreme_logits(student, cases):
    agree(student, cases)


@check("backprop.softmax_cross_entropy_backward", BATCHES, weight=2, once_right=True)
def test_softmax_cross_entropy_backward_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    logits = torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.0, -0.5]], dtype=torch.float64)
    labels = torch.tensor([2, 1])
    passes_gradcheck(
        student,
        {"logits": logits},
        forward=lambda logits: cross_entropy(logits, labels),
        by=lambda given, grad_out: {"logits": given["logits"], "labels": labels},
    )


# ------------------------------------------------------------------------------------ two_layer_backward


def off_the_corner(x, weights, biases):
    """Whether no hidden number is near to 0 without being it exactly, and each hidden layer has a unit that is on."""
    for weight, bias in zip(weights, biases, strict=True):
        z = x @ weight.T + bias
        if not bool((z.abs() > KINK).all() and (z > 0).any()):
            return False
        x = z.clamp(min=0)
    return True


def classifier(draw, dtype, samples, features, hidden):
    return {
        "x": draw(some.tensors((samples, features), dtype, scale=0.5)),
        "y": draw(some.labels(samples, 2)).to(dtype).unsqueeze(1),
        "w1": draw(some.tensors((hidden, features), dtype, scale=0.3)),
        "b1": draw(some.tensors((hidden,), dtype, scale=0.3)),
        "w2": draw(some.tensors((1, hidden), dtype, scale=0.2)),
        "b2": draw(some.tensors((1,), dtype, scale=0.2)),
    }


def is_moderate(x, w1, b1, w2, b2, **_):
    """Where log(1 - p) is as exact as any other way to write the loss."""
    return off_the_corner(x, [w1], [b1]) and bool((((x @ w1.T + b1).clamp(min=0) @ w2.T + b2).abs() < 3.5).all())


@st.composite
def classifiers(draw, dtype):
    case = classifier(draw, dtype, draw(some.sizes(1, 6)), draw(some.sizes(1, 5)), draw(some.sizes(1, 5)))
    assume(is_moderate(**case))
    return case


@st.composite
def square_classifiers(draw, dtype):
    size = draw(some.sizes(2, 4))
    case = classifier(draw, dtype, size, size, size)
    assume(is_moderate(**case))
    return case


# Sums that are exactly 0 however they are added up: a unit that is never on, a sample of zeros, a sum that cancels.
# And sums that are next to 0, on either side: biases alone, exact however the zeros are added.
NEXT_TO_ZERO = [1e-3, 1e-6, 1e-12, -1e-12, -1e-6]
CLASSIFIERS_AT_THE_CORNER = (
    {
        "x": [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
        "y": [[1.0], [0.0], [1.0]],
        "w1": [[1.0, 0.5], [0.5, -1.0], [-2.0, 1.0], [1.0, 1.0], [0.25, 0.5]],
        "b1": NEXT_TO_ZERO,
        "w2": [[1.0, -2.0, 0.5, 3.0, -1.5]],
        "b2": [0.5],
    },
    {
        "x": [[1.0, -2.0], [0.0, 0.0], [2.0, 1.0]],
        "y": [[1.0], [0.0], [0.0]],
        "w1": [[2.0, 1.0], [0.5, -0.5], [0.0, 0.0]],
        "b1": [0.0, 0.0, 0.0],
        "w2": [[0.5, -0.25, 1.0]],
        "b2": [0.25],
    },
    {
        "x": [[0.5], [-1.0]],
        "y": [[1.0], [1.0]],
        "w1": [[1.0], [2.0]],
        "b1": [-0.5, 2.0],
        "w2": [[1.0, -1.0]],
        "b2": [0.0],
    },
)
# Confidently right and confidently wrong, on both sides and on one, where p is exactly 0 or 1 and the price of a
# mistake may be capped.
SATURATED_CLASSIFIERS = tuple(
    {
        "x": [[1.0], [1.0], [-1.0], [-1.0], [0.0]],
        "y": [[1.0], [0.0], [1.0], [0.0], [1.0]],
        "w1": [[20.0], [-10.0], [0.5]],
        "b1": [0.0, 0.0, 0.5],
        "w2": [[size / 20, -size / 10, 0.25]],
        "b2": [0.0],
    }
    for size in (120.0, 800.0, 1e4)
) + (
    {
        "x": [[2.0, 1.0], [1.0, 3.0]],
        "y": [[1.0], [1.0]],
        "w1": [[1.0, 0.5], [0.0, 1.0]],
        "b1": [0.0, 0.0],
        "w2": [[30.0, 20.0]],
        "b2": [0.0],
    },
    *(
        {
            "x": [[2.0, 1.0], [1.0, 3.0]],
            "y": y,
            "w1": [[1.0, 0.5], [0.0, 1.0]],
            "b1": [0.0, 0.0],
            "w2": [[sign * 300.0, sign * 200.0]],
            "b2": [0.0],
        }
        for sign, y in ((1, [[1.0], [0.0]]), (-1, [[0.0], [1.0]]))
    ),
)
CLASSIFIERS = draw(classifiers, count=14)
SQUARE_CLASSIFIERS = draw(square_classifiers, count=3)
CLASSIFIERS_AT_ZERO = fixed(*in_dtypes(*CLASSIFIERS_AT_THE_CORNER))
SATURATED = fixed(*in_dtypes(*SATURATED_CLASSIFIERS))
# One dtype at a time: a limit such as 1 - 1e-7 is another number in float32, and so is the loss that it gives.
SATURATED_FLOAT32 = fixed(*(case for case in SATURATED.always if case["x"].dtype == torch.float32))
SATURATED_FLOAT64 = fixed(*(case for case in SATURATED.always if case["x"].dtype == torch.float64))


def agree_where_nothing_saturates(student, cases):
    """`agree`, without the accepted ways to cap a loss: where p is moderate they are all the same number."""
    answers = student(cases)
    wrong = wrong_answers(cases, answers, student.exercise.returns)
    if wrong:
        raise Failure(cases, answers, wrong)


@check("backprop.two_layer_backward", CLASSIFIERS, SQUARE_CLASSIFIERS, weight=6)
def test_two_layer_backward_values(student, cases):
    agree_where_nothing_saturates(student, cases)


@check("backprop.two_layer_backward", CLASSIFIERS_AT_ZERO, weight=1)
def test_two_layer_backward_at_the_corner(student, cases):
    agree_where_nothing_saturates(student, cases)


@check("backprop.two_layer_backward", SATURATED_FLOAT64, weight=1)
def test_two_layer_backward_of_a_saturated_sigmoid(student, cases):
    agree(student, cases)


@check("backprop.two_layer_backward", SATURATED_FLOAT32, weight=1)
def test_two_layer_backward_of_a_sigmoid_that_saturates_in_float32(student, cases):
    agree(student, cases)


@check("backprop.two_layer_backward", CLASSIFIERS, SATURATED, once_right=True)
def test_two_layer_backward_is_pure(student, cases):
    pure(student, cases)
    numbers = functools.partial(torch.randn, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    fixed_inputs = {"x": numbers((3, 2)), "y": torch.tensor([[1.0], [0.0], [1.0]], dtype=torch.float64)}
    shapes = {"w1": (4, 2), "b1": (4,), "w2": (1, 4), "b2": (1,)}
    passes_gradcheck(
        student,
        {name: numbers(shape) for name, shape in shapes.items()},
        forward=lambda **weights: two_layer_backward(**fixed_inputs, **weights)[0],
        by=lambda given, grad_out: fixed_inputs | given,
        gradients=lambda result: [result[1][name] for name in shapes],
    )


# ------------------------------------------------------------------------------------------ mlp_backward


def network(draw, dtype, samples, sizes):
    pairs = list(zip(sizes[1:], sizes[:-1], strict=True))
    return {
        "x": draw(some.tensors((samples, sizes[0]), dtype)),
        "labels": draw(some.labels(samples, sizes[-1])),
        "weights": [draw(some.tensors(pair, dtype, scale=0.25)) for pair in pairs],
        "biases": [draw(some.tensors(pair[:1], dtype, scale=0.25)) for pair in pairs],
    }


def hidden_layers_off_the_corner(x, weights, biases, **_):
    return off_the_corner(x, weights[:-1], biases[:-1])


@st.composite
def networks(draw, dtype, depths=(2, 3, 1, 4)):
    depth = draw(st.sampled_from(depths))
    sizes = [draw(some.sizes(1, 4)) for _ in range(depth)]
    case = network(draw, dtype, draw(some.sizes(1, 5)), [*sizes, draw(some.sizes(2, 4))])
    assume(hidden_layers_off_the_corner(**case))
    return case


@st.composite
def deep_networks(draw, dtype):
    return draw(networks(dtype, depths=(3, 4)))


@st.composite
def square_networks(draw, dtype):
    size, depth = draw(some.sizes(2, 3)), draw(st.sampled_from([2, 3]))
    case = network(draw, dtype, size, [size] * (depth + 1))
    assume(hidden_layers_off_the_corner(**case))
    return case


@st.composite
def networks_with_large_logits(draw, dtype):
    case = draw(networks(dtype, depths=(2, 1)))
    return case | {"weights": [*case["weights"][:-1], case["weights"][-1] * draw(st.sampled_from([400.0, 3000.0]))]}


NETWORKS_AT_THE_CORNER = (
    {
        "x": [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
        "labels": [1, 0, 1],
        "weights": (
            [[1.0, 0.5], [0.5, -1.0], [-2.0, 1.0], [1.0, 1.0], [0.25, 0.5]],
            [[1.0, -2.0, 0.5, 3.0, -1.5], [0.5, 1.0, -1.0, 2.0, 1.0]],
        ),
        "biases": (NEXT_TO_ZERO, [0.5, -0.25]),
    },
    {
        "x": [[1.0, -2.0], [0.0, 0.0], [2.0, 1.0]],
        "labels": [2, 0, 1],
        "weights": (
            [[2.0, 1.0], [0.5, -0.5], [0.0, 0.0], [1.0, 1.0]],
            [[1.0, -1.0, 0.5, 2.0], [0.0, 2.0, -3.0, 0.0]],
            [[0.5, -0.25], [-1.0, 1.0], [0.25, 0.5]],
        ),
        "biases": ([0.0, 0.0, 0.0, 0.0], [0.0, -3.0], [0.25, 0.0, -0.5]),
    },
    {
        "x": [[0.5], [-1.0]],
        "labels": [1, 0],
        "weights": ([[1.0], [2.0]], [[1.0, -1.0], [0.5, 0.25]]),
        "biases": ([-0.5, 2.0], [0.0, 0.0]),
    },
)
NETWORKS = draw(networks, count=14)
DEEP_NETWORKS = draw(deep_networks, count=4)
SQUARE_NETWORKS = draw(square_networks, count=3)
NETWORKS_AT_ZERO = fixed(*in_dtypes(*NETWORKS_AT_THE_CORNER))
LARGE_LOGITS = draw(networks_with_large_logits, count=5)


@check("backprop.mlp_backward", NETWORKS, DEEP_NETWORKS, SQUARE_NETWORKS, weight=6)
def test_mlp_backward_values(student, cases):
    agree(student, cases)


@check("backprop.mlp_backward", NETWORKS_AT_ZERO, weight=1)
def test_mlp_backward_at_the_corner(student, cases):
    agree(student, cases)


@check("backprop.mlp_backward", LARGE_LOGITS, weight=2)
def test_mlp_backward_of_large_logits(student, cases):
    agree(student, cases)


@check("backprop.mlp_backward", NETWORKS, LARGE_LOGITS, once_right=True)
def test_mlp_backward_is_pure(student, cases):
    pure(student, cases)
    numbers = functools.partial(torch.randn, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    x, labels = numbers((3, 2)), torch.tensor([1, 0, 1])
    passes_gradcheck(
        student,
        {
            "weights": [numbers((4, 2)), numbers((3, 4)), numbers((2, 3))],
            "biases": [numbers(4), numbers(3), numbers(2)],
        },
        forward=lambda weights, biases: cross_entropy(mlp_forward(x, weights, biases), labels),
        by=lambda given, grad_out: {"x": x, "labels": labels} | given,
        gradients=lambda result: [*result[1], *result[2]],
    )


# -------------------------------------------------------------------------------------- residual_backward


def block(draw, dtype, samples, features, hidden):
    return {
        "grad_out": draw(some.tensors((samples, features), dtype)),
        "x": draw(some.tensors((samples, features), dtype)),
        "w1": draw(some.tensors((hidden, features), dtype, scale=0.3)),
        "b1": draw(some.tensors((hidden,), dtype, scale=0.5)),
        "w2": draw(some.tensors((features, hidden), dtype, scale=0.3)),
        "b2": draw(some.tensors((features,), dtype, scale=0.5)),
    }


@st.composite
def blocks(draw, dtype):
    case = block(draw, dtype, draw(some.sizes(1, 5)), draw(some.sizes(1, 5)), draw(some.sizes(1, 5)))
    assume(off_the_corner(case["x"], [case["w1"]], [case["b1"]]))
    return case


@st.composite
def square_blocks(draw, dtype):
    size = draw(some.sizes(2, 4))
    case = block(draw, dtype, size, size, size)
    assume(off_the_corner(case["x"], [case["w1"]], [case["b1"]]))
    return case


BLOCKS_AT_THE_CORNER = (
    {
        "grad_out": [[1.0, -0.5], [2.0, 1.5], [-1.0, 0.25]],
        "x": [[0.0, 0.0], [0.0, 0.0], [0.0, 0.0]],
        "w1": [[1.0, 0.5], [0.5, -1.0], [-2.0, 1.0], [1.0, 1.0], [0.25, 0.5]],
        "b1": NEXT_TO_ZERO,
        "w2": [[1.0, -2.0, 0.5, 3.0, -1.5], [0.5, 1.0, -1.0, 2.0, 1.0]],
        "b2": [0.25, 0.0],
    },
    {
        "grad_out": [[1.0, -0.5], [2.0, 1.5], [-1.0, 0.25]],
        "x": [[1.0, -2.0], [0.0, 0.0], [2.0, 1.0]],
        "w1": [[2.0, 1.0], [0.5, -0.5], [0.0, 0.0]],
        "b1": [0.0, 0.0, 0.0],
        "w2": [[0.5, -0.25, 1.0], [1.0, 2.0, -0.5]],
        "b2": [0.25, 0.0],
    },
)
BLOCKS = draw(blocks, count=14)
SQUARE_BLOCKS = draw(square_blocks, count=3)
BLOCKS_AT_ZERO = fixed(*in_dtypes(*BLOCKS_AT_THE_CORNER))


@check("backprop.residual_backward", BLOCKS, SQUARE_BLOCKS, weight=8)
def test_residual_backward_values(student, cases):
    agree(student, cases)


@check("backprop.residual_backward", BLOCKS_AT_ZERO, weight=1)
def test_residual_backward_at_the_corner(student, cases):
    agree(student, cases)


@check("backprop.residual_backward", BLOCKS, SQUARE_BLOCKS, once_right=True)
def test_residual_backward_is_pure(student, cases):
    pure(student, cases)
    generator = torch.Generator().manual_seed(3)
    shapes = {"w1": (4, 2), "b1": (4,), "w2": (2, 4), "b2": (2,)}
    fixed_inputs = {name: torch.randn(s, generator=generator, dtype=torch.float64) for name, s in shapes.items()}
    passes_gradcheck(
        student,
        {"x": torch.randn((3, 2), generator=generator, dtype=torch.float64)},
        forward=lambda x: residual_block(x, **fixed_inputs),
        by=lambda given, grad_out: {"grad_out": grad_out, "x": given["x"], **fixed_inputs},
    )
