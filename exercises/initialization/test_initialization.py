"""Public checks of the unit initialization: `pytest exercises/initialization`."""

import math
from dataclasses import replace
from functools import partial

import torch
from torch import tensor

from backpass.course.language import later, tr
from backpass.judging.assertions import agree, leaves_inputs_alone, leaves_no_trace
from backpass.judging.cases import Statistics, example
from backpass.judging.checks import check
from backpass.judging.comparison import differences
from backpass.judging.failures import Fault
from backpass.worker.calls import Call
from backpass.worker.wire import Seed


def measure(inputs, weight):
    weight = weight.double()
    return {
        later("standard deviation"): weight.std().item(),
        later("mean"): weight.mean().item(),
        later("kurtosis"): (weight / weight.std()).pow(4).mean().item(),
    }


def theory(variance, inputs):
    # 7 standard errors each: chance alone goes that far less than once in 1e11 draws.
    fan_in, fan_out = inputs["fan_in"], inputs["fan_out"]
    n, std = fan_in * fan_out, math.sqrt(variance(fan_in, fan_out))
    return {
        "standard deviation": (std, 7 * std / math.sqrt(2 * n)),
        "mean": (0.0, 7 * std / math.sqrt(n)),
        "kurtosis": (3.0, 7 * math.sqrt(96 / n)),
    }


HE = Statistics(measure, partial(theory, lambda fan_in, fan_out: 2 / fan_in))
XAVIER = Statistics(measure, partial(theory, lambda fan_in, fan_out: 2 / (fan_in + fan_out)))


def agree_on_a_convention(student, cases, counts_of):
    """Standard deviations may be divided by the number of values, `counts_of(inputs)`, or by one less."""

    def biased(case):
        counts = counts_of(case.inputs)
        stds = [std * math.sqrt((n - 1) / n) for std, n in zip(case.expected, counts, strict=True)]
        return replace(case, expected=stds, template=stds)

    conventions = cases, [biased(case) for case in cases]
    agree(student, min(conventions, key=lambda convention: wrong(student, convention)))


def wrong(student, cases):
    return sum(bool(differences(case, answer, ())) for case, answer in zip(cases, student(cases), strict=True))


def draws_from_the_generator(student):
    fans = {"fan_in": 3, "fan_out": 2}
    first, again, other = student.values([Call({**fans, "generator": Seed(seed)}) for seed in (1, 1, 2)])
    if not torch.equal(first, again):
        raise Fault(
            "generator_ignored",
            tr("Two generators with the same seed give different weights: draw from `generator` only."),
        )
    if torch.equal(first, other):
        raise Fault(
            "always_the_same_weights",
            tr("Generators with different seeds give the same weights: draw from `generator`."),
        )


@check(
    "initialization.xavier_init",
    example(fan_in=50, fan_out=1000, generator=Seed(0), returns=torch.zeros(1000, 50), statistics=XAVIER),
    example(fan_in=400, fan_out=100, generator=Seed(1), returns=torch.zeros(100, 400), statistics=XAVIER),
)
def test_xavier_init_has_one_scale_for_both_directions(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check("initialization.xavier_init")
def test_xavier_init_draws_from_the_generator(student):
    draws_from_the_generator(student)


@check(
    "initialization.he_init",
    example(fan_in=50, fan_out=1000, generator=Seed(0), returns=torch.zeros(1000, 50), statistics=HE),
    example(fan_in=400, fan_out=100, generator=Seed(1), returns=torch.zeros(100, 400), statistics=HE),
)
def test_he_init_keeps_the_signal_alive(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check("initialization.he_init")
def test_he_init_draws_from_the_generator(student):
    draws_from_the_generator(student)


@check(
    "initialization.layer_stds",
    example(
        x=tensor([[1.0, 2.0]]),
        weights=[tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]])],
        returns=[1.0],
    ),
    example(
        x=tensor([[1.0, -2.0], [0.5, 1.0], [-1.5, 3.0]]),
        weights=[tensor([[0.5, -1.0], [1.0, 0.25], [-0.5, 0.75]]), tensor([[1.0, 0.5, -0.25], [0.5, -1.0, 1.0]])],
        returns=[1.144128, 1.38519],
    ),
)
def test_layer_stds_measures_each_layer(student, cases):
    agree_on_a_convention(student, cases, lambda given: [len(given["x"]) * len(weight) for weight in given["weights"]])
    leaves_inputs_alone(student, cases)


@check(
    "initialization.layer_grad_stds",
    example(
        grad=tensor([[1.0, 5.0]]),
        weights=[tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])],
        preactivations=[tensor([[0.5, -1.0]])],
        returns=[1.0],
    ),
    example(
        grad=tensor([[1.0, -2.0], [0.5, 1.0], [-1.5, 3.0]]),
        weights=[tensor([[0.5, -1.0], [1.0, 0.25], [-0.5, 0.75]]), tensor([[1.0, 0.5, -0.25], [0.5, -1.0, 1.0]])],
        preactivations=[
            tensor([[0.3, -0.2, 1.0], [-1.5, 0.4, 0.2], [2.0, 0.7, -0.1]]),
            tensor([[1.0, -0.5], [0.25, 0.75], [-1.0, 2.0]]),
        ],
        returns=[1.666667, 1.26374],
    ),
)
def test_layer_grad_stds_measures_each_layer(student, cases):
    agree_on_a_convention(
        student, cases, lambda given: [len(given["grad"]) * weight.shape[1] for weight in reversed(given["weights"])]
    )
    leaves_inputs_alone(student, cases)
