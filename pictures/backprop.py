"""Draw the picture of the unit backprop. Run from the repo: `python -m pictures.backprop`."""

import matplotlib.pyplot as plt
import torch

from pictures.drawing import BLUE, ORANGE, save
from solutions.backprop import residual_backward
from solutions.neurons import residual_block

BLOCKS, SAMPLES, FEATURES = 20, 100, 50


def gradients(identity: bool) -> list[float]:
    """Mean absolute gradient at the input of each of 20 blocks, last block first, with the identity path or without."""
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(SAMPLES, FEATURES, generator=generator, dtype=torch.float64)
    zeros = torch.zeros(FEATURES, dtype=torch.float64)
    given = []
    for _ in range(BLOCKS):
        # Small weights: without the identity path, a block hands on a third of a gradient.
        w1, w2 = torch.randn(2, FEATURES, FEATURES, generator=generator, dtype=torch.float64) * (0.5 / FEATURES) ** 0.5
        given.append((x, w1, zeros, w2, zeros))
        x = residual_block(*given[-1]) - (0 if identity else x)
    grad = torch.randn(SAMPLES, FEATURES, generator=generator, dtype=torch.float64)
    sizes = [grad.abs().mean().item()]
    for block in reversed(given):
        grad = residual_backward(grad, *block) - (0 if identity else grad)
        sizes.append(grad.abs().mean().item())
    return sizes


def draw_identity() -> None:
    """What a road past the layers does for the gradient: `exercises/backprop/identity.svg`."""
    figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
    with_path, without = gradients(identity=True), gradients(identity=False)
    axes.semilogy(with_path, color=BLUE, marker="o", markersize=4)
    axes.semilogy(without, color=ORANGE, marker="o", markersize=4)
    axes.text(13, with_path[13] / 30, "with the identity path", color=BLUE, ha="center", va="top")
    axes.text(9.5, without[10], "the same layers without it", color=ORANGE, ha="right", va="top")
    axes.set_xticks(range(0, BLOCKS + 1, 2))
    axes.set_xlabel("blocks on the way back")
    axes.set_ylabel("mean absolute gradient")
    save(figure, "backprop", "identity")


if __name__ == "__main__":
    draw_identity()
