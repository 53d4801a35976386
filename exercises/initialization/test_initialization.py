"""Public checks of the unit initialization: `pytest exercises/initialization`."""

import math

import torch

from backpass.cases import Statistics, example
from backpass.checks import Fault, agree, check, leaves_no_trace
from backpass.worker.invoke import Call
from backpass.worker.wire import Seed


def measure(inputs, weight):
    weight = weight.double()
    return {
        "standard deviation": weight.std().item(),
        "mean": weight.mean().item(),
        "kurtosis": (weight / weight.std()).pow(4).mean().item(),
    }


def theory(inputs):
    # 7 standard errors each: chance alone goes that far less than once in 1e11 draws.
    n, std = inputs["fan_in"] * inputs["fan_out"], math.sqrt(2 / inputs["fan_in"])
    return {
        "standard deviation": (std, 7 * std / math.sqrt(2 * n)),
        "mean": (0.0, 7 * std / math.sqrt(n)),
        "kurtosis": (3.0, 7 * math.sqrt(96 / n)),
    }


NORMAL = Statistics(measure, theory)


@check(
    "initialization.he_init",
    example(fan_in=50, fan_out=1000, generator=Seed(0), returns=torch.zeros(1000, 50), statistics=NORMAL),
    example(fan_in=400, fan_out=100, generator=Seed(1), returns=torch.zeros(100, 400), statistics=NORMAL),
)
def test_he_init_keeps_the_signal_alive(student, cases):
    agree(student, cases)
    leaves_no_trace(student, cases)


@check("initialization.he_init")
def test_he_init_draws_from_the_generator(student):
    fans = {"fan_in": 3, "fan_out": 2}
    first, again, other = student.values([Call({**fans, "generator": Seed(seed)}) for seed in (1, 1, 2)])
    if not torch.equal(first, again):
        raise Fault(
            "generator_ignored", "Two generators with the same seed give different weights: draw from `generator` only."
        )
    if torch.equal(first, other):
        raise Fault(
            "always_the_same_weights", "Generators with different seeds give the same weights: draw from `generator`."
        )
