"""The picture of the unit finetuning: `python -m pictures.finetuning`."""

import torch

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, figure, save
from solutions.finetuning import ema_update

STEPS, RUNS, LR, DECAY = 1000, 200, 0.1, 0.99
CURVATURES = torch.tensor([1.0, 0.5], dtype=torch.float64)
START = torch.tensor([2.0, 1.5], dtype=torch.float64)


def walks() -> tuple[torch.Tensor, torch.Tensor]:
    """Noisy gradient descent at one fixed rate, and its running average, by step: (STEPS + 1, RUNS, 2) each."""
    generator = torch.Generator().manual_seed(0)
    w = START.expand(RUNS, 2)
    averages, weights, means = [w], [w], [w]
    for _ in range(STEPS):
        w = w - LR * (CURVATURES * w + torch.randn(RUNS, 2, generator=generator, dtype=torch.float64))
        averages = ema_update(averages, [w], DECAY)
        weights.append(w)
        means.append(averages[0])
    return torch.stack(weights), torch.stack(means)


def losses(points: torch.Tensor) -> torch.Tensor:
    """The mean loss over all runs, by step."""
    return (CURVATURES * points**2 / 2).sum(dim=2).mean(dim=1)


def average() -> None:
    """Left one walk and its average, right the mean losses of both."""
    weights, means = walks()
    drawn, (plane, curve) = figure(columns=2, width=9.0, height=3.8)
    plane.plot(*weights[:, 0].T, color=GREY, linewidth=0.5, alpha=0.7, label="weights")
    plane.plot(*means[:, 0].T, color=ORANGE, linewidth=1.6, label="their running average")
    plane.plot(0, 0, marker="*", markersize=11, color=GREEN)
    plane.set_aspect("equal")
    plane.set_xlabel("first weight")
    plane.set_ylabel("second weight")
    plane.legend(frameon=False, loc="upper left", fontsize=9)
    curve.plot(losses(weights), color=BLUE, linewidth=1, label="weights")
    curve.plot(losses(means), color=ORANGE, label="their running average")
    curve.set_yscale("log")
    curve.set_xlabel("step")
    curve.set_ylabel("mean loss")
    curve.legend(frameon=False)
    print("at the end", *(round(losses(points)[-200:].mean().item(), 4) for points in (weights, means)))
    save(drawn, "finetuning", "average")


if __name__ == "__main__":
    average()
