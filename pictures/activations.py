"""Draw the pictures of the unit activations. Run from the repo: `python -m pictures.activations`."""

import matplotlib.pyplot as plt
import torch

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, save
from solutions.activations import (
    gelu,
    gelu_grad,
    relu,
    relu_grad,
    sigmoid,
    sigmoid_grad,
    tanh,
)
from solutions.initialization import he_init, xavier_init

LAYERS, WIDTH, SAMPLES = 20, 100, 200


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


def through(activation, initialise, seed: int) -> list[float]:
    """Mean absolute gradient at the input of each layer of a network, last layer first, over the one at its output."""
    generator = torch.Generator().manual_seed(seed)
    h = torch.randn(SAMPLES, WIDTH, generator=generator).double().requires_grad_()
    layers = [h]
    for _ in range(LAYERS):
        h = activation(h @ initialise(WIDTH, WIDTH, generator).double().T)
        layers.append(h)
    grad_out = torch.randn(SAMPLES, WIDTH, generator=generator).double()
    sizes = [grad.abs().mean().item() for grad in torch.autograd.grad((h * grad_out).sum(), layers)][::-1]
    return [size / sizes[0] for size in sizes]


def draw_depth() -> None:
    """What is left of a gradient after each layer of real networks: `exercises/activations/depth.svg`."""
    figure, axes = plt.subplots(figsize=(6.5, 3.4), layout="constrained")
    back = range(LAYERS + 1)
    for activation, initialise, color, name in (
        (relu, he_init, ORANGE, "ReLU, He's weights"),
        (tanh, xavier_init, GREEN, "tanh, Xavier's weights"),
        (sigmoid, xavier_init, BLUE, "sigmoid, Xavier's weights"),
    ):
        for seed in range(3):
            sizes = through(activation, initialise, seed)
            axes.semilogy(back, sizes, color=color, linewidth=1.2, alpha=0.7, label=name if seed == 0 else None)
        print(name, f"{sizes[-1]:.1e}")
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_xlabel("layers on the way back")
    axes.set_ylabel("mean absolute gradient")
    axes.legend(frameon=False, loc="lower left")
    save(figure, "activations", "depth")


if __name__ == "__main__":
    draw_curves()
    draw_depth()
