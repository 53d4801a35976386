"""The pictures of the unit losses: `python -m pictures.losses`."""

import torch

from pictures.drawing import BLUE, GREEN, GREY, ORANGE, figure, save
from solutions.losses import bce_with_logits, binary_cross_entropy, huber_loss, mae_loss, mse_loss


def price() -> None:
    """What the logarithm and the squared error charge for a prediction when the right class is 1, and their slopes."""
    drawn, (left, right) = figure(2, width=9.0)
    probability = torch.linspace(0.003, 1, 500, dtype=torch.float64)
    right_class = torch.ones((), dtype=torch.float64)
    for loss, color, name in ((binary_cross_entropy, BLUE, "cross-entropy"), (mse_loss, ORANGE, "squared error")):
        left.plot(probability, [loss(p, right_class) for p in probability], color=color, label=name)
    left.set_xlabel("probability given to the right class")
    left.set_ylabel("loss")
    left.set_ylim(0, 6)
    left.legend(frameon=False)

    logits = torch.linspace(-8, 4, 400, dtype=torch.float64, requires_grad=True)
    losses = {
        "cross-entropy": (BLUE, sum(bce_with_logits(z, right_class) for z in logits)),
        "squared error": (ORANGE, sum(mse_loss(torch.sigmoid(z), right_class) for z in logits)),
    }
    for name, (color, loss) in losses.items():
        (slopes,) = torch.autograd.grad(loss, logits)
        right.plot(logits.detach(), -slopes, color=color, label=name)
    right.axhline(0, color=GREY, linewidth=0.8)
    right.set_xlabel("logit of the right class")
    right.set_ylabel("push towards the right class")
    save(drawn, "losses", "price")


def outlier() -> None:
    """What one error costs in the three losses of regression, and how hard it pulls."""
    drawn, (prices, pulls) = figure(2, width=9.5, height=3.4)
    errors = torch.linspace(-4, 4, 801, dtype=torch.float64, requires_grad=True)
    zero = torch.zeros((), dtype=torch.float64)
    for loss, color, name in (
        (mse_loss, ORANGE, "squared"),
        (mae_loss, GREEN, "absolute"),
        (huber_loss, BLUE, "Huber, delta = 1"),
    ):
        costs = torch.stack([loss(error, zero) for error in errors])
        (slopes,) = torch.autograd.grad(costs.sum(), errors)
        prices.plot(errors.detach(), costs.detach(), color=color, label=name)
        pulls.plot(errors.detach(), slopes, color=color)
    prices.set_ylim(0, 8)
    prices.set_ylabel("price")
    prices.legend(frameon=False, loc="upper center")
    pulls.set_ylabel("pull, the slope of the price")
    pulls.axhline(0, color=GREY, linewidth=0.8)
    for axes in (prices, pulls):
        axes.set_xlabel("error")
    save(drawn, "losses", "outlier")


if __name__ == "__main__":
    price()
    outlier()
