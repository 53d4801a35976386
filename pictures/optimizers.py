"""Draw the pictures of the unit optimizers. Run from the repo: `python -m pictures.optimizers`."""

import matplotlib.pyplot as plt
import torch
from matplotlib.patches import Ellipse

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, figure, save
from solutions.optimizers import adam_step, gradient_descent, momentum_step

START = torch.tensor([-9.0, 1.6], dtype=torch.float64)
STEEPNESS = torch.tensor([0.1, 2.0], dtype=torch.float64)
STEPS = 30
LEVELS = (0.1, 0.5, 1.2, 2.2, 3.5, 5.0, 7.0)  # heights of the contour lines


def slope(w: torch.Tensor) -> torch.Tensor:
    """The gradient of 0.05 x^2 + y^2, a ravine that is twenty times steeper across than along."""
    return STEEPNESS * w


def with_momentum() -> list[torch.Tensor]:
    """The points of `STEPS` steps with momentum."""
    points, velocity = [START], torch.zeros_like(START)
    for _ in range(STEPS):
        point, velocity = momentum_step(points[-1], slope(points[-1]), velocity, lr=0.2, momentum=0.8)
        points.append(point)
    return points


def with_adam() -> list[torch.Tensor]:
    """The points of `STEPS` steps of Adam."""
    points, m, v = [START], torch.zeros_like(START), torch.zeros_like(START)
    for t in range(1, STEPS + 1):
        point, m, v = adam_step(points[-1], slope(points[-1]), m, v, t, lr=0.4)
        points.append(point)
    return points


def draw_ravine() -> None:
    """Three ways down the same ravine, step by step: `exercises/optimizers/ravine.svg`."""
    # One picture under the other, with equal axes: only then does a step stand at a right angle to the contours.
    drawn, rows = plt.subplots(3, figsize=(8, 6.6), layout="constrained", sharex=True)
    paths = {
        "gradient descent, lr 0.9": (gradient_descent(slope, START, 0.9, STEPS), BLUE),
        "momentum 0.8, lr 0.2": (with_momentum(), ORANGE),
        "Adam, lr 0.4": (with_adam(), GREEN),
    }
    for axis, (title, (points, color)) in zip(rows, paths.items(), strict=True):
        for height in LEVELS:
            across, along = (2 * (2 * height / steepness) ** 0.5 for steepness in STEEPNESS.tolist())
            axis.add_patch(Ellipse((0, 0), across, along, fill=False, edgecolor=GREY, linewidth=0.6, alpha=0.5))
        axis.plot(*zip(*(point.tolist() for point in points), strict=True), color=color, marker="o", markersize=2.5)
        axis.plot(0, 0, marker="+", color="black", markersize=10)
        axis.set_title(title)
        axis.grid(visible=False)
        axis.set_aspect("equal")
        axis.set_ylabel("y")
        axis.set_xlim(-10, 4)
        axis.set_ylim(-1.9, 1.9)
    rows[-1].set_xlabel("x")
    save(drawn, "optimizers", "ravine")


def draw_rates() -> None:
    """Twelve steps down c w^2 / 2 at three rates: `exercises/optimizers/rates.svg`."""
    drawn, axes = figure(3, width=9.5, height=3.0)
    curvature = 1.0
    limit = 2 / curvature
    w = torch.linspace(-4.2, 4.2, 201, dtype=torch.float64)
    for axis, (share, color) in zip(axes, ((0.01, BLUE), (0.5, GREEN), (1.05, ORANGE)), strict=True):
        start = torch.tensor(2.0, dtype=torch.float64)
        points = torch.stack(gradient_descent(lambda w: curvature * w, start, share * limit, 12))
        points = points[points.abs() < 4.2]
        axis.plot(w, curvature * w**2 / 2, color=GREY, linewidth=0.8)
        axis.plot(points, curvature * points**2 / 2, color=color, marker="o", markersize=4, linewidth=0.8)
        axis.set_title(f"{share:g} of the limit")
        axis.set_xlabel("w")
        axis.set_ylim(-0.4, 9)
    axes[0].set_ylabel("loss")
    save(drawn, "optimizers", "rates")


if __name__ == "__main__":
    draw_ravine()
    draw_rates()
