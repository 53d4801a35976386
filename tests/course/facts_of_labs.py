"""Where the numbers in the model answers of the labs come from: the computations that their briefs ask for."""

from functools import cache

import torch

from solutions import activations, backprop, initialization, losses, optimizers  # noqa: F401
from tests.course.facts import DOUBLE, double, fact, seeded


@cache
def friends_network(scale: float) -> tuple[list[float], list[float]]:
    """The loss and the step beside the weight; the mean absolute gradients of weights, then of biases."""
    generator = seeded()
    weights = [torch.randn(64, 64, generator=generator) for _ in range(3)]
    weights.append(torch.randn(10, 64, generator=generator))
    x = torch.rand(32, 64, generator=generator)
    weights = [scale * weight for weight in weights]
    biases = [torch.zeros(len(weight)) for weight in weights]
    loss, by_weight, by_bias = backprop.mlp_backward(x, torch.arange(32) % 10, weights, biases)
    sizes = [grad.abs().mean().item() for grad in (*by_weight, *by_bias)]
    return [loss.item(), 0.01 * sizes[0] / weights[0].abs().mean().item()], sizes


def row(scale: float) -> list[float]:
    (loss, step), sizes = friends_network(scale)
    return [loss, *sizes, step]


fact(
    "labs/backprop",
    "| 0.01 | {2.3026} | {1.3e-6}, {8.5e-7}, {7.1e-7}, {1.6e-6} | {2.1e-6}, {3.7e-5}, {4.3e-4}, {1.0e-2} | {1.6e-6} |",
    lambda: row(0.01),
)
fact(
    "labs/backprop",
    "| 0.177 | {2.6458} | {1.0e-2}, {7.1e-3}, {6.3e-3}, {1.7e-2} | {1.9e-2}, {2.1e-2}, {1.8e-2}, {4.4e-2} | {7.5e-4} |",
    lambda: row(0.177),
)


def ten_steps(grads: list[float], lr: float, adam: bool = True) -> list[float]:
    """One pretrained weight of 0.02 after the first step and after the last, and the per cent of it that is lost."""
    param, m, v = double(0.02), double(0), double(0)
    path = []
    for t, grad in enumerate(grads, 1):
        if adam:
            param, m, v = optimizers.adam_step(param, double(grad), m, v, t, lr=lr)
        else:
            param = optimizers.sgd_step(param, double(grad), lr)
        path.append(param.item())
    return [path[0], path[-1], 100 * (0.02 - path[-1]) / 0.02]


STEADY = [1e-6] * 10
fact("labs/optimizers", "gradient 1e-6 | {0.01901} | {0.01010} | {49.5} %", lambda: ten_steps(STEADY, 1e-3))
fact("labs/optimizers", "gradient 1e-4 | {0.01900} | {0.01000} | {50.0} %", lambda: ten_steps([1e-4] * 10, 1e-3))
fact(
    "labs/optimizers",
    "sign alternating | {0.01901} | {0.01847} | {7.7} %",
    lambda: ten_steps([1e-6 * (-1) ** t for t in range(10)], 1e-3),
)
fact("labs/optimizers", "gradient 1e-6 | {0.019990} | {0.019901} | {0.5} %", lambda: ten_steps(STEADY, 1e-5))
fact(
    "labs/optimizers",
    "gradient 1e-6 | {0.019999999} | {0.01999999} | {0.00005} %",
    lambda: ten_steps(STEADY, 1e-3, adam=False),
)
fact("labs/optimizers", "is sqrt(0.81 x 0.19 / 6000) = {0.5} points", lambda: 100 * (0.81 * 0.19 / 6000) ** 0.5)


def overlooked(at: float) -> list[float]:
    """Both prices of a missed eye, their slopes, and by which factor the slopes differ."""
    found = []
    for loss in (losses.bce_with_logits, lambda z, target: losses.mse_loss(1 / (1 + torch.exp(-z)), target)):
        z = double(at).requires_grad_()
        price = loss(z, double(1))
        (slope,) = torch.autograd.grad(price, z)
        found.append((price.item(), slope.item()))
    (entropy, pull), (square, weak) = found
    return [entropy, square, pull, weak, pull / weak]


fact("labs/losses", "| 0 | {0.693} | {0.250} | {-0.500} | {-0.250} | {2} |", lambda: overlooked(0.0))
fact("labs/losses", "| -8 | {8.0003} | {0.9993} | {-0.9997} | {-0.00067} | {1,491} |", lambda: overlooked(-8.0))


@cache
def through_eight(scale: float) -> float:
    """What is left of a gradient of ones after eight sigmoid layers."""
    generator = seeded()
    layers = [scale * torch.randn(64, 64, generator=generator, dtype=DOUBLE) for _ in range(8)]
    return activations.gradient_through_depth(torch.ones(64, 64, dtype=DOUBLE), layers)[-1]


def with_factor(left: float) -> list[float]:
    """What is left, and the mean factor of each of the eight layers."""
    return [left, left ** (1 / 8)]


fact("labs/activations", "| all 0, the best there can be | {1.5e-5} | {0.25} |", lambda: with_factor(through_eight(0)))
fact("labs/activations", "| spread of 1 | {3.3e-6} | {0.206} |", lambda: with_factor(through_eight(1)))
fact("labs/activations", "| spread of 4 | {4.8e-9} | {0.091} |", lambda: with_factor(through_eight(4)))
fact(
    "labs/losses",
    "`class_weights` = {0.533} for healthy and {8} for ill",
    lambda: losses.class_weights((torch.arange(12_800) < 800).long(), 2),
)
