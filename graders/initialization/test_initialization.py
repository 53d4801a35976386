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

from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import Statistics, draw, fixed
from backpass.judging.checks import check
from backpass.judging.failures import Fault
from backpass.worker.invoke import Call
from backpass.worker.wire import Seed
from graders import strategies as some

STANDARD_ERRORS = 7
FLOAT32 = (torch.float32,)
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
    return {
        "standard deviation": std.item(),
        "mean, in standard deviations": z.mean().item(),
        "skewness": cubes.mean().item(),
        "kurtosis": squares.dot(squares).item() / len(z),
        "sixth moment": cubes.dot(cubes).item() / len(z),
        "share beyond three standard deviations": (z.abs() > 3).double().mean().item(),
        "scatter of the rows' lengths": rows.std().item() * math.sqrt(weight.shape[1] / 2),
        "scatter of the columns' lengths": columns.std().item() * math.sqrt(weight.shape[0] / 2),
        "correlation of neighbouring rows": _neighbours(weight / std),
        "correlation of neighbouring columns": _neighbours(weight.T / std),
        "correlation of the two halves": _halves(weight / std),
        "correlation of rows with their mirror image": _mirror(weight / std),
        "logarithm of the standard deviation": math.log(std.item() or 1e-300),
    }


def _neighbours(z):
    return (z[1:] * z[:-1]).mean().item()


def _halves(z):
    flat = z.reshape(-1)
    half = len(flat) // 2
    return (flat[:half] * flat[half : 2 * half]).mean().item()


def _mirror(z):
    half = len(z) // 2
    return (z[:half] * z.flip(0)[:half]).mean().item()


def he_variance(fan_in, fan_out):
    return 2 / fan_in


def xavier_variance(fan_in, fan_out):
    return 2 / (fan_in + fan_out)


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


def layers_of(variance):
    return fixed(
        *({"fan_in": fan_in, "fan_out": fan_out, "generator": Seed(fan_in)} for fan_in, fan_out in LARGE),
        statistics=Statistics(measure, functools.partial(theory, variance)),
    )


FORM = Statistics(measure=lambda inputs, weight: {}, theory=lambda inputs: {})
HE = layers_of(he_variance)
XAVIER = layers_of(xavier_variance)
SHAPES = draw(small_layers, count=10, dtypes=FLOAT32, statistics=FORM)


def uses_the_generator(student):
    """The same seed gives the same weights, another seed others, and each call moves the generator on."""
    fans = {"fan_in": 5, "fan_out": 4}
    seeds = [Seed(1), Seed(1), Seed(2)]
    first, again, other = student.values([Call({**fans, "generator": seed}) for seed in seeds])
    one, two = student.values([Call({**fans, "generator": Seed(1)}, times=2)])[0]
    if not torch.equal(first, again):
        raise Fault(
            "generator_ignored",
            "Two generators with the same seed give different weights: some of the randomness does not come from "
            "`generator`. A run that cannot be repeated cannot be debugged.",
        )
    if torch.equal(first, other):
        raise Fault(
            "always_the_same_weights",
            "Generators with different seeds give the same weights: a seed of your own is used somewhere.",
        )
    if torch.equal(one, two):
        raise Fault(
            "generator_not_advanced",
            "Two calls with one generator give the same weights, so all layers of a network would start alike. "
            "Draw from the generator itself; do not seed it again, or copy its seed into another.",
        )


def scatters_in_small_layers(student, variance):
    """Over 2,000 small matrices: a sample's own mean and standard deviation must be left as they fall."""
    draws = 2000
    call = Call({"fan_in": 3, "fan_out": 2, "generator": Seed(11)}, times=draws)
    weights = torch.stack(student.values([call])[0]).double().reshape(draws, -1) / math.sqrt(variance(3, 2))
    if draws - len(weights.unique(dim=0)) > 5:  # from seeds of 31 bits, one pair in a thousand runs
        raise Fault(
            "few_different_weights",
            "Among 2,000 layers drawn one after the other from one generator, some are the same: it only chooses "
            "among a few seeds. Draw the weights from the generator itself.",
        )
    numbers = weights.shape[1]
    sums = weights.sum(1).pow(2).mean().item() / numbers  # chi-squared with one degree of freedom: 1, error 2 / draws
    squares = weights.pow(2).mean(1).var().item() * numbers / 2  # 1 for chi-squared means; kurtosis 3 + 12 / numbers
    if abs(squares - 1) > STANDARD_ERRORS * math.sqrt((2 + 12 / numbers) / draws):
        raise Fault(
            "normalised_to_the_sample",
            "The standard deviation of each single matrix is forced to its target. The formula is the scale that the "
            "numbers are drawn from: a small matrix may come out larger or smaller by chance. Do not divide by the "
            "sample's own standard deviation.",
        )
    if abs(sums - 1) > STANDARD_ERRORS * math.sqrt(2 / draws):
        raise Fault(
            "centred_to_the_sample",
            "The mean of each single matrix is forced to 0. It is the distribution that has mean 0: do not subtract "
            "the sample's own mean.",
        )


@check("initialization.xavier_init", XAVIER, weight=5)
def test_xavier_init_distribution(student, cases):
    agree(student, cases)


@check("initialization.xavier_init", weight=2, once_right=True)
def test_xavier_init_uses_the_generator(student):
    uses_the_generator(student)


@check("initialization.xavier_init", weight=1, once_right=True)
def test_xavier_init_scatters_in_small_layers(student):
    scatters_in_small_layers(student, xavier_variance)


@check("initialization.xavier_init", SHAPES, weight=1, once_right=True)
def test_xavier_init_of_small_layers(student, cases):
    agree(student, cases)


@check("initialization.xavier_init", XAVIER, weight=1, once_right=True)
def test_xavier_init_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@check("initialization.he_init", HE, weight=5)
def test_he_init_distribution(student, cases):
    agree(student, cases)


@check("initialization.he_init", weight=2, once_right=True)
def test_he_init_uses_the_generator(student):
    uses_the_generator(student)


@check("initialization.he_init", weight=1, once_right=True)
def test_he_init_scatters_in_small_layers(student):
    scatters_in_small_layers(student, he_variance)


@check("initialization.he_init", SHAPES, weight=1, once_right=True)
def test_he_init_of_small_layers(student, cases):
    agree(student, cases)


@check("initialization.he_init", HE, weight=1, once_right=True)
def test_he_init_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)


@st.composite
def network(draw, dtype, square=False):
    """A few layers of different widths; with `square`, a wrong transpose raises nothing."""
    depth, width = draw(st.sampled_from([3, 2, 1, 4])), draw(some.sizes(2, 4))
    widths = [width if square else draw(some.sizes(2, 5)) for _ in range(depth + 1)]
    x = draw(some.tensors((width if square else draw(some.sizes(1, 5)), widths[0]), dtype))
    weights = [draw(some.tensors((after, before), dtype)) / 4 for before, after in pairwise(widths)]
    return {"x": x, "weights": weights}


def square_network(dtype):
    return network(dtype, square=True)


def fading(dtype):
    """Signals that leave ordinary sizes with the depth, as they do when the scale of the weights is wrong."""
    generator = torch.Generator().manual_seed(5)
    x = torch.randn((6, 8), generator=generator, dtype=torch.float64).to(dtype)
    weights = [torch.randn((8, 8), generator=generator, dtype=torch.float64).to(dtype) for _ in range(8)]
    return [{"x": x, "weights": [weight * scale for weight in weights]} for scale in (0.01, 10.0)]


NETWORKS = draw(network, count=16)
SQUARE_NETWORKS = draw(square_network, count=4)
FADING = fixed(*fading(torch.float64), *fading(torch.float32))


@check("initialization.layer_stds", NETWORKS, SQUARE_NETWORKS, weight=6)
def test_layer_stds_values(student, cases):
    agree(student, cases)


@check("initialization.layer_stds", FADING, weight=2)
def test_layer_stds_of_fading_and_growing_signals(student, cases):
    agree(student, cases)


@check("initialization.layer_stds", NETWORKS, weight=2, once_right=True)
def test_layer_stds_is_pure(student, cases):
    leaves_inputs_alone(student, cases)
    leaves_no_trace(student, cases)
