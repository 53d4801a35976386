"""Draw the picture of the unit optimizers. Run from the repo: `python -m pictures.optimizers`."""

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
    drawn, axes = figure(3, width=9.5, height=3.0)
    paths = {
        "gradient descent, lr 0.9": (gradient_descent(slope, START, 0.9, STEPS), BLUE),
        "momentum 0.8, lr 0.2": (with_momentum(), ORANGE),
        "Adam, lr 0.4": (with_adam(), GREEN),
    }
    for axis, (title, (points, color)) in zip(axes, paths.items(), strict=True):
        for height in LEVELS:
            across, along = (2 * (2 * height / steepness) ** 0.5 for steepness in STEEPNESS.tolist())
            axis.add_patch(Ellipse((0, 0), across, along, fill=False, edgecolor=GREY, linewidth=0.6, alpha=0.5))
        axis.plot(*zip(*(point.tolist() for point in points), strict=True), color=color, marker="o", markersize=2.5)
        axis.plot(0, 0, marker="+", color="black", markersize=10)
        axis.set_title(title)
        axis.grid(visible=False)
        axis.set_xlabel("x")
        axis.set_xlim(-10, 4)
        axis.set_ylim(-2.2, 2.2)
    axes[0].set_ylabel("y")
    save(drawn, "optimizers", "ravine")


if __name__ == "__main__":
    draw_ravine()
