"""The pictures of the unit schedules: `python -m pictures.schedules`."""

import torch
from matplotlib.ticker import MultipleLocator

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, figure, save
from solutions.schedules import cosine_annealing, cosine_restarts, one_cycle, step_decay, warmup_cosine

STEPS, PEAK = 90, 1.0


def shapes() -> None:
    """Five schedules with the same highest rate, each at every step of one run."""
    drawn, (falling, climbing) = figure(columns=2, width=9.0, height=3.6)
    steps = range(STEPS)
    for axes, curves in (
        (
            falling,
            (
                ("step decay", GREY, [step_decay(step, PEAK, 30, 0.3) for step in steps]),
                ("cosine annealing", BLUE, [cosine_annealing(step, STEPS, PEAK) for step in steps]),
                ("cosine restarts", GREEN, [cosine_restarts(step, 30, PEAK) for step in steps]),
            ),
        ),
        (
            climbing,
            (
                ("warm-up and cosine", BLUE, [warmup_cosine(step, 9, STEPS, PEAK) for step in steps]),
                ("one cycle", ORANGE, [one_cycle(step, STEPS, PEAK) for step in steps]),
            ),
        ),
    ):
        for name, color, rates in curves:
            mean = sum(rates) / len(rates)
            axes.step(steps, rates, where="mid", color=color, label=f"{name}, mean {mean:.2f}")
        axes.set_xlabel("step")
        axes.set_ylim(-0.03, 1.45)
        axes.xaxis.set_major_locator(MultipleLocator(15))
        axes.legend(frameon=False, loc="upper right")
    falling.set_ylabel("rate / highest rate")
    save(drawn, "schedules", "shapes")


def plateau() -> None:
    """Noisy gradient descent in a ravine: where a constant rate ends, and where a cosine does."""
    drawn, (axes,) = figure(height=3.4)
    steps, weights = 300, 2000  # many ravines: their mean is a smooth curve
    curvature = torch.tensor([1.0, 0.05])
    for name, color, rate in (
        ("constant, 0.3", ORANGE, lambda step: 0.3),
        ("constant, 0.03", GREY, lambda step: 0.03),
        ("cosine annealing from 0.3", BLUE, lambda step: cosine_annealing(step, steps, 0.3)),
    ):
        generator = torch.Generator().manual_seed(0)
        w, losses = torch.full((weights, 2), 5.0), []
        for step in range(steps):
            losses.append((0.5 * curvature * w**2).sum(dim=1).mean().item())
            w = w - rate(step) * (curvature * w + torch.randn(weights, 2, generator=generator))
        print(name, [f"step {step}: {losses[step]:.3f}" for step in (30, 100, 200, 299)])
        axes.plot(losses, color=color, label=name)
    axes.set_yscale("log")
    axes.set_xlabel("step")
    axes.set_ylabel("mean loss")
    axes.legend(frameon=False)
    save(drawn, "schedules", "floor")


if __name__ == "__main__":
    shapes()
    plateau()
