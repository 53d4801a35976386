"""Draw the pictures of the unit activations. Run from the repo: `python -m pictures.activations`."""

import matplotlib.pyplot as plt
import torch

from pictures.drawing import BLUE, GREY, ORANGE, save
from solutions.activations import (
    gelu,
    gelu_grad,
    gradient_through_depth,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
)

LAYERS, UNITS = 10, 1000


def draw_curves() -> None:
    """Three activations and their slopes: `exercises/activations/slopes.svg`."""
    x = torch.linspace(-4, 4, 801, dtype=torch.float64)
    figure, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
    functions = [
        ("sigmoid", sigmoid, sigmoid_grad, BLUE),
        ("ReLU", relu, relu_grad, ORANGE),
        ("GELU", gelu, gelu_grad, GREY),
    ]
    for name, function, slope, colour in functions:
        left.plot(x, function(x), color=colour, label=name)
        right.plot(x, slope(x), color=colour, label=name)
    left.set_title("the function")
    left.set_ylim(-0.5, 3)
    left.legend(frameon=False, loc="upper left")
    right.set_title("its slope")
    right.axhline(0.25, color=BLUE, linewidth=0.6, linestyle=":")
    right.text(4, 0.27, "0.25", color=BLUE, ha="right")
    for axes in (left, right):
        axes.set_xlabel("x")
        axes.axhline(0, color="black", linewidth=0.5)
    save(figure, "activations", "slopes")


def draw_depth() -> None:
    """What is left of a gradient after each of ten layers: `exercises/activations/depth.svg`."""
    generator = torch.Generator().manual_seed(1)
    preactivations = [torch.randn(UNITS, generator=generator, dtype=torch.float64) for _ in range(LAYERS)]
    grad = torch.ones(UNITS, dtype=torch.float64)
    through_sigmoids = [1.0, *gradient_through_depth(grad, preactivations)]
    open_units, through_relus = grad, [1.0]
    for z in reversed(preactivations):
        open_units = open_units * relu_grad(z.abs())  # a path along which every unit is on
        through_relus.append(open_units.abs().mean().item())

    figure, axes = plt.subplots(figsize=(6, 3.2), layout="constrained")
    back = range(LAYERS + 1)
    axes.semilogy(back, [0.25**k for k in back], color=BLUE, linestyle=":", linewidth=1)
    axes.semilogy(back, through_sigmoids, color=BLUE, marker="o", markersize=4)
    axes.semilogy(back, through_relus, color=ORANGE, marker="o", markersize=4)
    axes.text(4.2, 0.25, "ReLU, units that are on: 1 a layer", color=ORANGE)
    axes.text(6.3, 0.25**5.2, "sigmoid, at its steepest:\n0.25 a layer", color=BLUE, va="bottom")
    axes.text(5.4, through_sigmoids[6] / 3, "sigmoid, inputs of spread 1", color=BLUE, ha="right", va="top")
    axes.set_xticks(list(back))
    axes.set_xlabel("layers on the way back")
    axes.set_ylabel("mean absolute gradient")
    save(figure, "activations", "depth")


if __name__ == "__main__":
    draw_curves()
    draw_depth()
