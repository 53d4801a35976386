"""Slips that no catalogue lists are named all the same: a step, an argument, a number that a mistake may have."""

import pytest

from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

ADAM = """
def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad**2
    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
    return {param}, m, v
"""
SLIPS = {
    "a step squared": (
        "optimizers.adam_step",
        ADAM.format(param="param - lr * m_hat**2 / (v_hat.sqrt() + eps)"),
        "m_hat_squared",
        "Look at the first moment: your value is squared.",
    ),
    "a function too many": (
        "losses.huber_loss",
        "import torch\n"
        "def huber_loss(pred, target, delta=1.0):\n"
        "    e = (pred - target).abs()\n"
        "    return torch.where(e <= delta, 0.5 * e**2, delta * (e - delta / 2)).exp().mean()",
        "each_exponential",
        "the price of each error: you use its exponential.",
    ),
    "a fraction upside down": (
        "losses.mse_loss",
        "def mse_loss(pred, target): return 1 / ((pred - target) ** 2).mean()",
        "loss_upside_down",
        "the loss: your value is one divided by what it should be",
    ),
    "one kind of number": (
        "activations.silu",
        "import torch\n"
        "def silu(x):\n"
        "    return torch.where(x < 0, x / (1 + torch.exp(-x)) + 0.1 * x**3, x / (1 + torch.exp(-x)))",
        None,
        "wrong only where `x` is negative",
    ),
    "rounded": (
        "losses.mse_loss",
        "def mse_loss(pred, target): return ((pred - target) ** 2).mean().round(decimals=4)",
        "rounded",
        "rounded to 4 decimals",
    ),
    "written in place": (
        "activations.relu",
        "def relu(x):\n    x[x < 0] = 0\n    return x",
        "input_modified",
        "in place",
    ),
}  # fmt: skip
# Told with a look at the program, which marks the place, and has the numbers that a mistake may speak of.
SEEN = {
    "a step squared, and where": (
        "losses.huber_loss",
        SLIPS["a function too many"][1].replace(".exp()", ".square()"),
        "each_squared",
        "a line beyond. Your value is squared.",
    ),
    "another constant": (
        "losses.kl_divergence",
        "def kl_divergence(p, q):\n"
        "    return (p * ((p + 2e-4) / (q + 2e-4)).log()).sum(-1).mean()",
        "epsilon_in_both_logarithms",
        "You add 0.0002",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", [*SLIPS, *SEEN])
def test_slips_are_named(course, grader, zygote, name):
    exercise_id, source, mistake, words = {**SLIPS, **SEEN}[name]
    exercise = course.exercises[exercise_id]
    sources = {exercise.unit: source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector if name in SEEN else None)
    assert result.status in ("failed", "crashed")
    assert words in result.message, result.message
    assert mistake in (None, result.mistake)
