"""Slips that no catalogue lists are named all the same: a step, an argument, another constant of a family."""

import pytest

from backpass.worker.client import Worker

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
        "`m_hat` is squared",
    ),
    "a function too many": (
        "losses.huber_loss",
        "import torch\n"
        "def huber_loss(pred, target, delta=1.0):\n"
        "    e = (pred - target).abs()\n"
        "    return torch.where(e <= delta, 0.5 * e**2, delta * (e - delta / 2)).exp().mean()",
        "each_exponential",
        "`each` is replaced by its exponential",
    ),
    "a fraction upside down": (
        "losses.mse_loss",
        "def mse_loss(pred, target): return 1 / ((pred - target) ** 2).mean()",
        "loss_upside_down",
        "`loss` is upside down",
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
    "another constant": (
        "losses.kl_divergence",
        "def kl_divergence(p, q):\n"
        "    return (p * ((p + 2e-4) / (q + 2e-4)).log()).sum(-1).mean()",
        None,
        "0.0002",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_slips_are_named(course, grader, zygote, name):
    exercise_id, source, mistake, words = SLIPS[name]
    exercise = course.exercises[exercise_id]
    with Worker(zygote, {exercise.unit: source.encode()}) as worker:
        result = grader.grade(exercise, worker.call)
    assert result.status in ("failed", "crashed")
    assert words in result.message
    assert mistake in (None, result.mistake)
