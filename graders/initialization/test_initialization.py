"""Hidden grader of the unit initialization.

A draw is judged by statistics whose distribution is known. Each may be 7 standard errors off: for one
statistic that happens by chance once in 4e11 draws, for all that one submission is asked for (under 100)
with a probability below 1e-9.
"""

import functools
import math
from itertools import pairwise

import torch
from hypothesis import strategies as st

from backpass.course.language import later
from backpass.judging.cases import Statistics, draw, fixed
from backpass.judging.failures import Fault
from backpass.judging.kinds import function, once_right, random, worth
from backpass.worker.calls import Call
from backpass.worker.wire import Seed
from graders import strategies as some

STANDARD_ERRORS = 7
LARGE = [(17, 6000), (6000, 17), (50, 3000), (300, 301), (9, 8000)]


@st.composite
def small_layers(draw, dtype):
    fans = st.integers(1, 9)
    return {"fan_in": draw(fans), "fan_out": draw(fans), "generator": Seed(draw(st.integers(0, 2**31)))}


def measure(inputs, weight):
    """Moments of all entries, of their absolute values, and how row and column lengths scatter."""
    weight = weight.double()
    std = weight.pow(2).mean().sqrt()
    z = (weight / std).reshape(-1)
    squares = z * z
    cubes = squares * z
    rows, columns = weight.pow(2).mean(1) / std**2, weight.pow(2).mean(0) / std**2
    scaled, half = weight / std, len(weight) // 2
    return {
        later("standard deviation"): std.item(),
        later("mean, in standard deviations"): z.mean().item(),
        later("skewness"): cubes.mean().item(),
        later("kurtosis"): squares.dot(squares).item() / len(z),
        later("sixth moment"): cubes.dot(cubes).item() / len(z),
        later("share beyond three standard deviations"): (z.abs() > 3).double().mean().item(),
        later("scatter of the rows' lengths"): rows.std().item() * math.sqrt(weight.shape[1] / 2),
        later("scatter of the columns' lengths"): columns.std().item() * math.sqrt(weight.shape[0] / 2),
        later("correlation of neighbouring rows"): _correlation(scaled[1:], scaled[:-1]),
        later("correlation of neighbouring columns"): _correlation(scaled[:, 1:], scaled[:, :-1]),
        later("correlation of the two halves"): _correlation(z[: len(z) // 2], z[len(z) // 2 :][: len(z) // 2]),
        later("correlation of rows with their mirror image"): _correlation(scaled[:half], scaled.flip(0)[:half]),
        later("logarithm of the standard deviation"): math.log(std.item() or 1e-300),
    }


def _correlation(a, b):
    return (a * b).mean().item()


def theory(variance, inputs):
    """Expectation of each statistic for independent normal entries, and `STANDARD_ERRORS` of its errors."""
    fan_in, fan_out = inputs["fan_in"], inputs["fan_out"]
    n = fan_in * fan_out
    std = math.sqrt(variance(fan_in, fan_out))
    beyond = math.erfc(3 / math.sqrt(2))

    def scatter(lengths, each):
        # The variance of `lengths` chi-squared means of `each` entries, of kurtosis 3 + 12 / each.
        return STANDARD_ERRORS * math.sqrt((2 + 12 / each) / (4 * lengths))

    expected = {
        "standard deviation": (std, std / math.sqrt(2 * n)),
        "mean, in standard deviations": (0.0, 1 / math.sqrt(n)),
        "skewness": (0.0, math.sqrt(15 / n)),
        "kurtosis": (3.0, math.sqrt(96 / n)),
        "sixth moment": (15.0, math.sqrt(10_170 / n)),
        "share beyond three standard deviations": (beyond, math.sqrt(beyond / n)),
        "correlation of neighbouring rows": (0.0, 1 / math.sqrt(n - fan_in)),
        "correlation of neighbouring columns": (0.0, 1 / math.sqrt(n - fan_out)),
        "correlation of the two halves": (0.0, math.sqrt(2 / n)),
        "correlation of rows with their mirror image": (0.0, math.sqrt(2 / n)),
        # The first once more, so that scales far too small are told from one another.
        "logarithm of the standard deviation": (math.log(std), 1 / math.sqrt(2 * n)),
    }
    tolerances = {name: (value, STANDARD_ERRORS * error) for name, (value, error) in expected.items()}
    tolerances["scatter of the rows' lengths"] = (1.0, scatter(fan_out, fan_in))
    tolerances["scatter of the columns' lengths"] = (1.0, scatter(fan_in, fan_out))
    return {name: tolerances[name] for name in (*expected, *(set(tolerances) - set(expected)))}


def scatters_in_small_layers(student, variance):
    """Over 2,000 small matrices: a sample's own mean and standard deviation must be left as they fall."""
    draws = 2000
    call = Call({"fan_in": 3, "fan_out": 2, "generator": Seed(11)}, times=draws)
    weights = torch.stack(student.values([call])[0]).double().reshape(draws, -1) / math.sqrt(variance(3, 2))
    if draws - len(weights.unique(dim=0)) > 5:  # from seeds of 31 bits, one pair in a thousand runs
        raise Fault("few_different_weights")
    numbers = weights.shape[1]
    sums = weights.sum(1).pow(2).mean().item() / numbers  # chi-squared with one degree of freedom: 1, error 2 / draws
    squares = weights.pow(2).mean(1).var().item() * numbers / 2  # 1 for chi-squared means; kurtosis 3 + 12 / numbers
    if abs(squares - 1) > STANDARD_ERRORS * math.sqrt((2 + 12 / numbers) / draws):
        raise Fault("normalized_to_the_sample")
    if abs(sums - 1) > STANDARD_ERRORS * math.sqrt(2 / draws):
        raise Fault("centred_to_the_sample")


def drawn_with(exercise, variance):
    """An initialization whose weights have `variance(fan_in, fan_out)`."""
    large = [{"fan_in": fan_in, "fan_out": fan_out, "generator": Seed(fan_in)} for fan_in, fan_out in LARGE]
    return random(
        exercise,
        values=worth(5, fixed(*large, statistics=Statistics(measure, functools.partial(theory, variance)))),
        uses_the_generator=once_right(2),
        scatters_in_small_layers=once_right(1, test=lambda student: scatters_in_small_layers(student, variance)),
        of_small_layers=once_right(1, SMALL_LAYERS),
        generator={"fan_in": 5, "fan_out": 4},
        what="weights",
    )


FORM = Statistics(measure=lambda inputs, weight: {}, theory=lambda inputs: {})
SMALL_LAYERS = draw(small_layers, count=10, dtypes=(torch.float32,), statistics=FORM)
test_xavier_init = drawn_with("initialization.xavier_init", lambda fan_in, fan_out: 2 / (fan_in + fan_out))
test_he_init = drawn_with("initialization.he_init", lambda fan_in, fan_out: 2 / fan_in)


@st.composite
def networks(draw, dtype, square=False):
    """A few layers of different widths; with `square`, a wrong transpose raises nothing."""
    depth, width = draw(st.sampled_from([3, 2, 1, 4])), draw(some.sizes(2, 4))
    widths = [width if square else draw(some.sizes(2, 5)) for _ in range(depth + 1)]
    x = draw(some.tensors((width if square else draw(some.sizes(1, 5)), widths[0]), dtype))
    weights = [draw(some.tensors((after, before), dtype)) / 4 for before, after in pairwise(widths)]
    return {"x": x, "weights": weights}


def fading(dtype):
    """Signals that leave ordinary sizes with the depth, as they do when the scale of the weights is wrong."""
    generator = torch.Generator().manual_seed(5)
    x = torch.randn((6, 8), generator=generator, dtype=torch.float64).to(dtype)
    weights = [torch.randn((8, 8), generator=generator, dtype=torch.float64).to(dtype) for _ in range(8)]
    return [{"x": x, "weights": [weight * scale for weight in weights]} for scale in (0.01, 10.0)]


NETWORKS = draw(networks, count=16)
test_layer_stds = function(
    "initialization.layer_stds",
    values=worth(6, NETWORKS, draw(lambda dtype: networks(dtype, square=True), count=4)),
    of_fading_and_growing_signals=worth(2, fixed(*fading(torch.float64), *fading(torch.float32))),
    is_pure=once_right(2),
)


@st.composite
def networks_from_behind(draw, dtype, square=False):
    """The way back through a few layers; some preactivations are exactly 0, where no gradient passes."""
    depth, width = draw(st.sampled_from([3, 2, 1, 4])), draw(some.sizes(2, 4))
    widths = [width if square else draw(some.sizes(2, 5)) for _ in range(depth + 1)]
    count = width if square else draw(some.sizes(1, 5))
    weights = [draw(some.tensors((after, before), dtype)) / 4 for before, after in pairwise(widths)]
    preactivations = [draw(some.tensors((count, after), dtype)) for after in widths[1:]]
    return {
        "grad": draw(some.tensors((count, widths[-1]), dtype)),
        "weights": weights,
        "preactivations": preactivations,
    }


def fading_gradients(dtype):
    return [
        {"grad": case["x"], "weights": case["weights"], "preactivations": [each[:6] for each in case["weights"]]}
        for case in fading(dtype)
    ]


test_layer_grad_stds = function(
    "initialization.layer_grad_stds",
    values=worth(
        6, draw(networks_from_behind, count=14), draw(lambda dtype: networks_from_behind(dtype, square=True), count=5)
    ),
    of_fading_and_growing_gradients=worth(2, fixed(*fading_gradients(torch.float64), *fading_gradients(torch.float32))),
    is_pure=once_right(2),
)
