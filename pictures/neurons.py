"""Draw the picture of the unit neurons. Run from the repo: `python -m pictures.neurons`."""

import matplotlib.pyplot as plt
import torch

from pictures.drawing import BLUE, GREY, ORANGE, save
from solutions.neurons import collapse_linear, linear, mlp_forward

# Three hidden units: each is one corner of the output, at 0, 1 and 2.
W1, B1 = torch.ones(3, 1), torch.tensor([0.0, -1.0, -2.0])
W2, B2 = torch.tensor([[1.0, -2.0, 1.5]]), torch.zeros(1)


def draw_fold() -> None:
    """What a bend between two layers is for: `exercises/neurons/fold.svg`."""
    x = torch.linspace(-1, 3, 401).unsqueeze(1)
    corners = linear(x, W1, B1).clamp(min=0) * W2
    weight, bias = collapse_linear(W1, B1, W2, B2)

    figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.3), sharey=True, layout="constrained")
    for index, colour in enumerate((BLUE, ORANGE, GREY)):
        left.plot(x, corners[:, index], color=colour)
        left.text(3.05, corners[-1, index], f"unit {index + 1}", color=colour, va="center")
    left.set_title("hidden units, times their output weights")
    right.plot(x, mlp_forward(x, [W1, W2], [B1, B2]), color=BLUE)
    right.plot(x, linear(x, weight, bias), color=ORANGE, linestyle="--")
    right.text(1.15, 1.05, "their sum: the network with ReLU", color=BLUE)
    right.text(0.7, -1.1, "the same weights without ReLU:\none linear layer", color=ORANGE, va="top")
    right.set_title("what the network computes")
    for axes in (left, right):
        axes.set_xlabel("x")
        axes.set_xlim(-1, 3)
        axes.set_ylim(-4.2, 3.2)
        axes.axhline(0, color="black", linewidth=0.5)
    left.set_ylabel("output")
    save(figure, "neurons", "fold")


if __name__ == "__main__":
    draw_fold()
