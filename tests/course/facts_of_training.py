"""Where the numbers come from that the lessons on regularization, diagnostics and training state of whole runs."""

from __future__ import annotations

from functools import cache

import torch

from solutions import diagnostics, losses, neurons, optimizers, regularization, schedules
from tests.course.facts import DOUBLE, accuracy, digits, fact, network, says, seeded


# regularization
@cache
def sensors() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """300 sensors, of which only the first 20 matter: the squared error's curvature, its linear part, a start."""
    generator = seeded()
    x = torch.randn(1000, 300, generator=generator, dtype=DOUBLE)
    y = x[:, :20].sum(dim=1) + 0.1 * torch.randn(1000, generator=generator, dtype=DOUBLE)
    return x.T @ x / 1000, x.T @ y / 1000, torch.randn(300, generator=generator, dtype=DOUBLE)


def zeros(w: torch.Tensor) -> int:
    return int((w[20:] == 0).sum())


@says(
    "regularization",
    "After 2,000 steps of SGD or Adam with `l1_penalty`, not one of {280} useless weights was exactly 0",
)
def gradient_steps() -> int:
    curvature, linear, start = sensors()
    by_sgd = by_adam = start
    m = v = torch.zeros_like(start)
    for t in range(1, 2001):
        by_sgd = optimizers.sgd_step(by_sgd, curvature @ by_sgd - linear + 0.05 * by_sgd.sign(), 0.1)
        grad = curvature @ by_adam - linear + 0.05 * by_adam.sign()
        by_adam, m, v = optimizers.adam_step(by_adam, grad, m, v, t, lr=0.01)
    return 280 - zeros(by_sgd) - zeros(by_adam)


@says("regularization", "It gave {280} of 280")
def proximal_steps() -> int:
    curvature, linear, w = sensors()
    for _ in range(2000):
        w = w - 0.1 * (curvature @ w - linear)
        w = regularization.soft_threshold(w, 0.1 * 0.05)
    return zeros(w)


# diagnostics
fact(
    "diagnostics",
    "That is {0.693} for two classes, {2.303} for ten, {6.908} for a thousand",
    lambda: [diagnostics.initial_loss(c) for c in (2, 10, 1000)],
)


@says("diagnostics", "start at {2.46} to {2.70} with 64 hidden units")
def first_losses() -> list[float]:
    x, y, _, _ = digits()
    found = [losses.cross_entropy(neurons.mlp_forward(x, *network(seed)), y).item() for seed in range(6)]
    return [min(found), max(found)]


# training
fact(
    "training",
    "| rate | {0} | {0.02} | {0.0192} | {0.0171} | {0.0138} | {0.01} | {0.0062} | {0.0029} | {0.0008} |",
    lambda: [schedules.warmup_cosine(step, 1, 9, 0.02) for step in range(9)],
)


@says("training", "They end with {96.7} to {97.8} % of the validation set right")
def ten_runs() -> list[float]:
    return [accuracy(seed) for seed in (2, 3)]  # the lowest and the highest; `python -m pictures.training` has all


@says("training", "{26} to {37} % at 1e-4, {92} to {93} % at 1e-3")
def slow_rates() -> list[float]:
    return [accuracy(seed, lr) for lr in (1e-4, 1e-3) for seed in (1, 2)]
