"""The picture of the unit tuning: `python -m pictures.tuning`."""

import torch

from backpass.tuning.trainer import Config, train
from backpass.tuning.trainer import digits as split
from pictures.drawing import BLUE, EXERCISES, GREY, ORANGE, figure, save
from solutions.tuning import best_of_seeds_bias

RATES = [10 ** (-4 + k / 3) for k in range(13)]
SEEDS, LONG = 3, 20


def runs(max_lr: float, seeds: int) -> list[float]:
    """Accuracies of runs that differ in their seed, in per cent."""
    data = [split(EXERCISES / "training" / "digits.csv.gz", 0)] * seeds
    return [100 * accuracy for accuracy in train(Config(max_lr=max_lr), data, range(seeds))["accuracy"]]


def rates() -> None:
    """Left accuracy against rate, right how the best of several runs moves away from their mean."""
    drawn, (sweep, luck) = figure(columns=2, width=9.0, height=3.6)
    found = [runs(rate, SEEDS) for rate in RATES]
    sweep.plot(RATES, [sum(each) / SEEDS for each in found], color=BLUE)
    for rate, each in zip(RATES, found, strict=True):
        sweep.plot([rate] * SEEDS, each, ".", color=BLUE, markersize=4)
    sweep.set_xscale("log")
    sweep.set_xlabel("highest learning rate")
    sweep.set_ylabel("accuracy, %")
    alike = runs(0.01, LONG)
    mean = sum(alike) / LONG
    generator = torch.Generator().manual_seed(0)
    numbers = range(1, LONG + 1)
    luck.axhline(mean, color=GREY, linestyle="--", label="their mean")
    luck.plot([1] * LONG, alike, ".", color=BLUE, markersize=4, label="20 runs, one setting")
    best = [mean + best_of_seeds_bias(alike, number, generator) for number in numbers]
    luck.plot(numbers, best, color=ORANGE, label="the best of so many, on average")
    luck.set_xlabel("runs of which the best is reported")
    luck.set_ylabel("accuracy, %")
    luck.set_xticks([1, 5, 10, 15, 20])
    luck.legend(frameon=False, fontsize=9, loc="lower right")
    print(f"one setting {min(alike):.1f} to {max(alike):.1f}, mean {mean:.2f}, best of five {best[4]:.2f}")
    save(drawn, "tuning", "rates")


if __name__ == "__main__":
    rates()
