"""Where the numbers in the lessons on fine-tuning, scaling and tuning come from."""

import math
from itertools import pairwise

import torch

from backpass.course.manifest import find_root
from backpass.tuning.trainer import Config, digits, train
from solutions import finetuning, tuning
from tests.course.facts import double, fact, says, seeded

RIGHT = 360  # pictures that are held back
DIGITS = find_root() / "exercises" / "training" / "digits.csv.gz"
SIZES = [784, 4096, 4096, 10]
PARAMETERS = sum(a * b + b for a, b in pairwise(SIZES))

fact("finetuning", "[{0.2}, {0.4}, {0.8}] first layer first", lambda: finetuning.layerwise_rates(3, 0.8, 0.5))
fact("finetuning", "it looks back over about {1,000} steps", lambda: 1 / (1 - 0.999))

fact("scaling", "= {20.0} million", lambda: (784 * 4096 + 4096 * 4096 + 4096 * 10) / 1e6)
fact("scaling", "= {8} thousand", lambda: (4096 + 4096 + 10) / 1000)
fact("scaling", "or {20} million parameters, which is {80} MB", lambda: [PARAMETERS / 1e6, 4 * PARAMETERS / 1e6])
fact("scaling", "so {320} MB before", lambda: round(4 * PARAMETERS / 1e6) * 4)
fact("scaling", "a batch of 32 about {1} MB", lambda: 4 * 32 * sum(SIZES[:-1]) / 1e6)
fact("scaling", "have the mean {1.5}", lambda: double(1, 2).mean())
fact("scaling", "The mean of the two means is {3.75}. The mean of the three is {3}", lambda: [(1.5 + 6) / 2, 9 / 3])
fact("scaling", "the last has {24}", lambda: 1024 % 100)
fact("scaling", "100 layers need {20} inputs", lambda: min(100 / every + every for every in range(1, 101)))
fact("scaling", "smallest float16 above 0 is `{6e-8}`", lambda: torch.finfo(torch.float16).smallest_normal / 2**10)
fact("scaling", "`1 + 0.001` is {1} in bfloat16", lambda: (torch.ones(1, dtype=torch.bfloat16) + 0.001).float())
fact("scaling", "at 65,536 over {2} GB", lambda: 4 * 65_536 * sum(SIZES[:-1]) / 1e9)
fact(
    "scaling",
    "needs {2.1e8} seconds for it, {6.7} years; a thousand of them, {2.4} days",
    lambda: [8.4e22 / 4e14, 8.4e22 / 4e14 / 86_400 / 365.25, 8.4e22 / 4e17 / 86_400],
)
fact("scaling", "Two halvings make {256}", lambda: 1024 / 2 / 2)


@says(
    "tuning",
    "| 0.0001 | {60.5} % | | 0.001 | {95.4} % | | 0.01 | {98.4} % | | 0.1 | {98.1} % |",
    within=0.3,  # of three times 360 images
)
def _() -> list[float]:
    """What `backpass tune max_lr=0.0001,0.001,0.01,0.1,1` tells: its defaults, and its split of the digits."""
    return [_accuracy_at(rate) for rate in (1e-4, 1e-3, 0.01, 0.1)]


@says("tuning", "| 1 | below {40} % |")
def _() -> float:
    """With a rate by which nothing is learned, chance and the processor decide."""
    return 40 if _accuracy_at(1.0) < 40 else 100


def _accuracy_at(rate: float) -> float:
    return 100 * sum(train(Config(max_lr=rate), [digits(DIGITS, 0)] * 3, range(3))["accuracy"]) / 3


fact("tuning", "which is {0.8} points", lambda: 100 * math.sqrt(0.975 * 0.025 / 360))
fact(
    "tuning",
    "9 of 10 {0.60} to {0.98} 10 of 10 {0.72} to {1.00} 351 of 360 {0.953} to {0.987}",
    lambda: [end for right, of in ((9, 10), (10, 10), (351, 360)) for end in tuning.accuracy_interval(right, of)],
)
fact(
    "tuning",
    "the best is about {1.2} standard deviations above the mean",
    lambda: torch.randn(200_000, 5, generator=seeded()).amax(dim=1).mean(),
)
fact("tuning", "Forty settings at three seeds and twenty epochs are {2,400} epochs", lambda: 40 * 3 * 20)
fact(
    "tuning",
    "16 settings, 10 steps {160} steps 8 20 {160} 4 40 {160} 2 80 {160} {640} steps in all; "
    "each of 16 for 80 steps would be {1,280}",
    lambda: [16 * 10, 8 * 20, 4 * 40, 2 * 80, tuning.successive_halving(lambda i, steps: i, 16, 10)[1], 16 * 80],
)


def accuracies(seeds: int, **settings: object) -> list[float]:
    """What `backpass tune --course` tells of some seeds: the mean, the worst and the best accuracy in percent."""
    found = train(Config(**settings), [digits(DIGITS, 0)] * seeds, range(seeds))["accuracy"]
    return [100 * each for each in (sum(found) / seeds, min(found), max(found))]


fact("labs/tuning", "recipe at 0.03 (5 seeds) | | {98.8} | {98.6} | {98.9}", lambda: accuracies(5, max_lr=0.03))
fact(
    "labs/tuning",
    "with dropout 0.2 | +0.3, not sure | {98.7} | {98.6} | {98.9}",
    lambda: accuracies(5, max_lr=0.03, dropout=0.2),
)
fact(
    "labs/tuning",
    "without warm-up | -1, sure | {98.4} | {98.1} | {98.6}",
    lambda: accuracies(5, max_lr=0.03, warmup=False),
)
fact(
    "labs/tuning",
    "without clipping | 0, sure | {98.6} | {98.3} | {98.9}",
    lambda: accuracies(5, max_lr=0.03, clipping=False),
)
fact(
    "labs/tuning",
    "for warm-up covers it; sure | {97.7} | {97.2} | {98.1}",
    lambda: accuracies(5, max_lr=0.03, bias_correction=False),
)
fact(
    "labs/tuning",
    "The mean is **{98.8}**, from {98.6} to {98.9}",
    lambda: accuracies(3, max_lr=0.01, bias_correction=False),
)
fact("labs/tuning", "has the interval {0.980} to {0.998}", lambda: tuning.accuracy_interval(358, RIGHT))
fact("labs/tuning", "one picture is {0.28} points", lambda: 100 / RIGHT)
fact(
    "labs/tuning",
    "the first step is {3.2} times too large, and after the {460} steps of these runs still {1.6} times",
    lambda: [0.1 / 0.001**0.5, 20 * math.ceil(1437 / 64), (1 - 0.999**460) ** -0.5],
)
fact("labs/tuning", "from those alone is {0.6} points", lambda: 100 * (0.988 * 0.012 / RIGHT) ** 0.5)
fact(
    "labs/tuning",
    "would be {0.1} points above their mean",
    lambda: tuning.best_of_seeds_bias([100 * k / RIGHT for k in (356, 356, 356, 355, 355)], 40, seeded()),
)


@says(
    "finetuning",
    "The weights come to a floor of {0.051} within some 50 steps. The average is late, crosses them near step 200, and "
    "ends at {0.0065}",
)
def _() -> list[float]:
    from pictures.finetuning import losses, walks

    return [losses(points)[-200:].mean().item() for points in walks()]


fact("scaling", "cross it at a batch of {8,929}", lambda: round(4 * PARAMETERS / sum(SIZES[:-1])))


@says(
    "tuning",
    "between {97.5} and {98.9} %, with their mean as a dashed line at {98.2}; a curve shows what the best of so many "
    "runs comes to on average, {98.6} for five and {98.8} for twenty",
)
def _() -> list[float]:
    from pictures.tuning import runs

    alike, generator = runs(0.01, 20), seeded()
    mean = sum(alike) / 20
    best = [mean + tuning.best_of_seeds_bias(alike, number, generator) for number in (5, 20)]
    return [min(alike), max(alike), mean, *best]
