"""Hidden grader of the unit normalization.

Numbers that are normalised together are either all the same or differ clearly. Between the two, rounding
decides: a variance that is computed as a difference of two means loses its digits there, and is still right.
"""

import torch
from hypothesis import strategies as st

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import draw
from backpass.judging.checks import check
from backpass.judging.gradcheck import passes_gradcheck
from graders import strategies as some
from solutions import normalization

FLOAT64 = (torch.float64,)
EPS = (1e-2, 0.1, 0.5)  # no default: large enough to be seen wherever it stands
MOMENTUM = (0.3, 0.2, 0.6, 0.9)


def told_apart(x, dim, least=0.5, constant=True):
    """`x` with at least `least` between the smallest and the largest along `dim`; with `constant`, or nothing."""
    span = x.amax(dim, keepdim=True) - x.amin(dim, keepdim=True)
    close = (span < least) & ((span > 0) | (not constant))
    shape = [1] * x.dim()
    shape[dim] = x.shape[dim]
    steps = 2 * least * torch.arange(x.shape[dim], dtype=x.dtype).reshape(shape)
    return some.as_laid_out(x, torch.where(close, x + steps, x))


@st.composite
def features(draw, dtype, least=2):
    """Samples and features, and one number a feature for each of gamma and beta."""
    samples, features = draw(some.sizes(least, 6)), draw(some.sizes(1, 5))
    x = told_apart(draw(some.tensors((samples, features), dtype)), 0)
    return {"x": x, **{name: draw(some.tensors((features,), dtype)) for name in ("gamma", "beta")}}


@st.composite
def running(draw, features, dtype):
    mean, var = draw(some.tensors((features,), dtype)), draw(some.tensors((features,), dtype))
    return {"running_mean": mean, "running_var": var.abs() / 16}


@st.composite
def training(draw, dtype):
    """A batch in the middle of training, where no hyper-parameter has its default."""
    case = draw(features(dtype))
    case |= draw(running(case["x"].shape[1], dtype))
    return case | {"momentum": draw(st.sampled_from(MOMENTUM)), "eps": draw(st.sampled_from(EPS))}


@st.composite
def square_training(draw, dtype):
    """As many samples as features: a wrong dimension raises nothing."""
    size = draw(some.sizes(2, 4))
    x = told_apart(draw(some.tensors((size, size), dtype)), 0)
    case = {"x": x, **{name: draw(some.tensors((size,), dtype)) for name in ("gamma", "beta")}}
    return case | draw(running(size, dtype)) | {"momentum": draw(st.sampled_from(MOMENTUM)), "eps": 0.1}


@st.composite
def training_with_defaults(draw, dtype):
    """Sometimes with a variance as small as the default eps: what it is, and where it stands, decides."""
    case = draw(training(dtype))
    scale = draw(st.sampled_from([1e-3, 1.0, 1e-3, 100.0]))
    return {name: value for name, value in case.items() if name not in ("momentum", "eps")} | {"x": case["x"] * scale}


@st.composite
def training_gradient(draw, dtype):
    case = draw(training(dtype))
    return case | {"x": told_apart(case["x"], 0, least=2.0, constant=False), "gamma": case["gamma"] / 2}


@st.composite
def evaluation(draw, dtype):
    """Also a batch of one."""
    case = draw(features(dtype, least=1))
    return case | draw(running(case["x"].shape[1], dtype)) | {"eps": draw(st.sampled_from(EPS))}


@st.composite
def square_evaluation(draw, dtype):
    case = draw(square_training(dtype))
    return {name: value for name, value in case.items() if name != "momentum"}


@st.composite
def evaluation_with_defaults(draw, dtype):
    """Sometimes with a running variance as small as the default eps, or of 0."""
    case = draw(evaluation(dtype))
    scale = draw(st.sampled_from([1e-5, 1.0, 0.0]))
    del case["eps"]
    case["running_var"] = case["running_var"] * scale
    # A distance from the running mean that is 300 times as large after dividing by the root of eps is enough.
    case["running_mean"] = case["running_mean"] / 16
    return case | {"x": case["x"] / 16}


@st.composite
def backward(draw, dtype):
    """Small gradients and gammas: grad_x is a difference of numbers that may cancel, and they round at their size."""
    case = draw(features(dtype))
    grad_out = draw(some.tensors(tuple(case["x"].shape), dtype, scale=0.25))
    return {"grad_out": grad_out, "x": case["x"], "gamma": case["gamma"] / 4, "eps": draw(st.sampled_from(EPS))}


@st.composite
def square_backward(draw, dtype):
    size = draw(some.sizes(3, 4))
    grad_out, x = draw(some.tensors((size, size), dtype, scale=0.25)), draw(some.tensors((size, size), dtype))
    return {"grad_out": grad_out, "x": told_apart(x, 0), "gamma": draw(some.tensors((size,), dtype, scale=0.25))}


@st.composite
def backward_with_defaults(draw, dtype):
    """A variance small enough for the default eps to be seen."""
    case = draw(backward(dtype))
    del case["eps"]
    scale = draw(st.sampled_from([0.01, 1.0]))
    return case | {"x": case["x"] * scale, "grad_out": case["grad_out"] * scale}


@st.composite
def rows(draw, dtype, beta=True, smallest=1):
    """(D,), (N, D) or (B, N, D); now and then D is 1."""
    leading = draw(st.sampled_from([(1,), (1,), (0,), (2,)]))[0]
    size = draw(some.sizes(smallest, 6))
    shape = tuple(draw(some.sizes(1, 4)) for _ in range(leading)) + (size,)
    x = told_apart(draw(some.tensors(shape, dtype)), -1) if size > 1 else draw(some.tensors(shape, dtype))
    names = ("gamma", "beta") if beta else ("gamma",)
    return {"x": x, **{name: draw(some.tensors((size,), dtype)) for name in names}}


@st.composite
def square_rows(draw, dtype, beta=True):
    """As many samples as features: a wrong dimension raises nothing."""
    size = draw(some.sizes(2, 4))
    x = told_apart(draw(some.tensors((size, size), dtype)), -1)
    names = ("gamma", "beta") if beta else ("gamma",)
    return {"x": x, **{name: draw(some.tensors((size,), dtype)) for name in names}, "eps": 0.1}


def rows_of(beta):
    """The four kinds of cases of a function of rows: with its own eps, with the default, square, and for gradients."""

    @st.composite
    def with_eps(draw, dtype):
        case = draw(rows(dtype, beta))
        scale = draw(st.sampled_from([1.0, 0.125]))  # variances on both sides of eps, and roots on both sides
        return case | {"x": case["x"] * scale, "eps": draw(st.sampled_from(EPS))}

    @st.composite
    def with_default(draw, dtype):
        case = draw(rows(dtype, beta))
        return case | {"x": case["x"] * draw(st.sampled_from([1e-3, 1.0, 1e-3, 100.0]))}

    @st.composite
    def for_gradient(draw, dtype):
        case = draw(rows(dtype, beta, smallest=2))
        x = told_apart(case["x"], -1, least=2.0, constant=False)
        return case | {"x": x, "gamma": case["gamma"] / 2, "eps": draw(st.sampled_from(EPS))}

    return with_eps, with_default, lambda dtype: square_rows(dtype, beta), for_gradient


@st.composite
def channels(draw, dtype, smallest=1):
    """(N, C, L) with one group, several groups, or a group for each channel; now and then one number in a group."""
    samples, length = draw(some.sizes(1, 3)), draw(some.sizes(smallest, 4))
    groups, size = draw(some.sizes(1, 3)), draw(some.sizes(1, 3))
    x = draw(some.tensors((samples, groups * size, length), dtype))
    if size * length > 1:
        x = some.as_laid_out(x, told_apart(x.reshape(samples, groups, -1), -1).reshape(x.shape))
    affine = {name: draw(some.tensors((groups * size,), dtype)) for name in ("gamma", "beta")}
    return {"x": x, "num_groups": groups, **affine}


@st.composite
def channels_with_eps(draw, dtype):
    return draw(channels(dtype)) | {"eps": draw(st.sampled_from(EPS))}


@st.composite
def channels_with_default(draw, dtype):
    case = draw(channels(dtype))
    return case | {"x": case["x"] * draw(st.sampled_from([1e-3, 1.0, 1e-3, 100.0]))}


@st.composite
def cubes_of_channels(draw, dtype):
    """As many samples as channels as positions: a wrong dimension raises nothing."""
    x = draw(some.tensors((4, 4, 4), dtype))
    groups = draw(st.sampled_from([2, 1, 4]))
    x = told_apart(x.reshape(4, groups, -1), -1).reshape(x.shape)
    affine = {name: draw(some.tensors((4,), dtype)) for name in ("gamma", "beta")}
    return {"x": x, "num_groups": groups, **affine, "eps": 0.1}


@st.composite
def channels_for_gradient(draw, dtype):
    case = draw(channels(dtype, smallest=2))
    x = case["x"]
    groups = told_apart(x.reshape(len(x), case["num_groups"], -1), -1, least=2.0, constant=False)
    eps = draw(st.sampled_from(EPS))
    return case | {"x": groups.reshape(x.shape), "gamma": case["gamma"] / 2, "eps": eps}


def constant_feature(dtype):
    """One feature is the same in all samples: its normalised x is 0, and its gradient is divided by the root of eps."""
    x = torch.tensor([[0.5, 1.0], [0.5, -2.0], [0.5, 3.0]], dtype=dtype)
    grad_out = torch.tensor([[1.0, 0.5], [-0.25, 0.0], [0.0, -1.0]], dtype=dtype)
    return {"grad_out": grad_out, "x": x, "gamma": torch.tensor([0.5, -0.75], dtype=dtype), "eps": 0.1}


CONSTANT_FEATURE = tuple(constant_feature(dtype) for dtype in (torch.float32, torch.float64))

TRAINING = draw(training, count=14)
SQUARE_TRAINING = draw(square_training, count=2)
DEFAULT_TRAINING = draw(training_with_defaults, count=8)
TRAINING_GRADIENT = draw(training_gradient, count=10, dtypes=FLOAT64, gradient=True, state=(1, 2))

EVALUATION = draw(evaluation, count=14)
SQUARE_EVALUATION = draw(square_evaluation, count=2)
DEFAULT_EVALUATION = draw(evaluation_with_defaults, count=8)
EVALUATION_GRADIENT = draw(evaluation, count=10, dtypes=FLOAT64, gradient=True)

BACKWARD = draw(backward, count=14, always=CONSTANT_FEATURE)
SQUARE_BACKWARD = draw(square_backward, count=2)
DEFAULT_BACKWARD = draw(backward_with_defaults, count=6)

with_eps, with_default, square, for_gradient = rows_of(beta=True)
LAYERS = draw(with_eps, count=14)
SQUARE_LAYERS = draw(square, count=2)
DEFAULT_LAYERS = draw(with_default, count=8)
LAYER_GRADIENT = draw(for_gradient, count=10, dtypes=FLOAT64, gradient=True)

with_eps, with_default, square, for_gradient = rows_of(beta=False)
SIZES = draw(with_eps, count=14)
SQUARE_SIZES = draw(square, count=2)
DEFAULT_SIZES = draw(with_default, count=8)
SIZE_GRADIENT = draw(for_gradient, count=10, dtypes=FLOAT64, gradient=True)


def one_number_in_a_group(dtype):
    """Its own mean, with a variance of 0: beta is what is left."""
    x = torch.tensor([[[2.0], [-1.0], [0.5]], [[3.0], [0.0], [-2.0]]], dtype=dtype)
    affine = {name: torch.tensor([1.0, -0.5, 2.0], dtype=dtype) for name in ("gamma", "beta")}
    return {"x": x, "num_groups": 3, **affine, "eps": 0.1}


ONE_NUMBER = tuple(one_number_in_a_group(dtype) for dtype in (torch.float32, torch.float64))
CHANNELS = draw(channels_with_eps, count=14, always=ONE_NUMBER)
CUBES = draw(cubes_of_channels, count=3)
DEFAULT_CHANNELS = draw(channels_with_default, count=8)
CHANNEL_GRADIENT = draw(channels_for_gradient, count=10, dtypes=FLOAT64, gradient=True)


def numbers(*shape):
    """Numbers for gradcheck, none of which lie close to each other."""
    generator = torch.Generator().manual_seed(len(shape))
    return 2 * torch.randn(shape, generator=generator, dtype=torch.float64)


@check("normalization.batch_norm_train", TRAINING, SQUARE_TRAINING, weight=5)
def test_batch_norm_train_values(student, cases):
    agree(student, cases)


@check("normalization.batch_norm_train", DEFAULT_TRAINING, weight=2)
def test_batch_norm_train_defaults(student, cases):
    agree(student, cases)


@check("normalization.batch_norm_train", TRAINING, once_right=True)
def test_batch_norm_train_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("normalization.batch_norm_train", TRAINING_GRADIENT, weight=2, once_right=True)
def test_batch_norm_train_gradient(student, cases):
    agree(student, cases)
    inputs = {"x": numbers(4, 2), "gamma": numbers(2), "beta": numbers(2), "running_mean": numbers(2)}
    passes_gradcheck(student, inputs | {"running_var": numbers(2).abs() + 1}, output=0)


@check("normalization.batch_norm_eval", EVALUATION, SQUARE_EVALUATION, weight=5)
def test_batch_norm_eval_values(student, cases):
    agree(student, cases)


@check("normalization.batch_norm_eval", DEFAULT_EVALUATION, weight=2)
def test_batch_norm_eval_defaults(student, cases):
    agree(student, cases)


@check("normalization.batch_norm_eval", EVALUATION, once_right=True)
def test_batch_norm_eval_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("normalization.batch_norm_eval", EVALUATION_GRADIENT, weight=2, once_right=True)
def test_batch_norm_eval_gradient(student, cases):
    agree(student, cases)
    inputs = {"x": numbers(3, 2), **{name: numbers(2) for name in ("gamma", "beta", "running_mean")}}
    passes_gradcheck(student, inputs | {"running_var": numbers(2).abs() + 1})


@check("normalization.batch_norm_backward", BACKWARD, SQUARE_BACKWARD, weight=6)
def test_batch_norm_backward_values(student, cases):
    agree(student, cases)


@check("normalization.batch_norm_backward", DEFAULT_BACKWARD, weight=2)
def test_batch_norm_backward_defaults(student, cases):
    agree(student, cases)


@check("normalization.batch_norm_backward", BACKWARD, weight=2, once_right=True)
def test_batch_norm_backward_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
    zeros = torch.zeros(2, dtype=torch.float64)
    passes_gradcheck(
        student,
        {"x": numbers(4, 2), "gamma": numbers(2), "beta": numbers(2)},
        forward=lambda x, gamma, beta: normalization.batch_norm_train(x, gamma, beta, zeros, zeros)[0],
        by=lambda given, grad_out: {"grad_out": grad_out, "x": given["x"], "gamma": given["gamma"]},
    )


@check("normalization.layer_norm", LAYERS, SQUARE_LAYERS, weight=5)
def test_layer_norm_values(student, cases):
    agree(student, cases)


@check("normalization.layer_norm", DEFAULT_LAYERS, weight=2)
def test_layer_norm_defaults(student, cases):
    agree(student, cases)


@check("normalization.layer_norm", LAYERS, once_right=True)
def test_layer_norm_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("normalization.layer_norm", LAYER_GRADIENT, weight=2, once_right=True)
def test_layer_norm_gradient(student, cases):
    agree(student, cases)
    passes_gradcheck(student, {"x": numbers(2, 3), "gamma": numbers(3), "beta": numbers(3)})


@check("normalization.rms_norm", SIZES, SQUARE_SIZES, weight=5)
def test_rms_norm_values(student, cases):
    agree(student, cases)


@check("normalization.rms_norm", DEFAULT_SIZES, weight=2)
def test_rms_norm_defaults(student, cases):
    agree(student, cases)


@check("normalization.rms_norm", SIZES, once_right=True)
def test_rms_norm_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("normalization.rms_norm", SIZE_GRADIENT, weight=2, once_right=True)
def test_rms_norm_gradient(student, cases):
    agree(student, cases)
    passes_gradcheck(student, {"x": numbers(2, 3), "gamma": numbers(3)})


@check("normalization.group_norm", CHANNELS, CUBES, weight=5)
def test_group_norm_values(student, cases):
    agree(student, cases)


@check("normalization.group_norm", DEFAULT_CHANNELS, weight=2)
def test_group_norm_defaults(student, cases):
    agree(student, cases)


@check("normalization.group_norm", CHANNELS, once_right=True)
def test_group_norm_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("normalization.group_norm", CHANNEL_GRADIENT, weight=2, once_right=True)
def test_group_norm_gradient(student, cases):
    agree(student, cases)
    inputs = {"x": numbers(2, 4, 2), "num_groups": 2, "gamma": numbers(4), "beta": numbers(4)}
    passes_gradcheck(student, inputs)
