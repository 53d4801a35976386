"""Failure messages are an interface: each is compared with the text in tests/data/messages/.

After an intended change: `UPDATE_MESSAGES=1 pytest tests/explaining/test_messages.py`, and read the difference.
"""

import os
from pathlib import Path

import pytest

from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

MESSAGES = Path(__file__).resolve().parents[1] / "data" / "messages"

SUBMISSIONS = {
    "softmax_over_the_batch": (
        "losses.softmax",
        "import torch\ndef softmax(logits):\n    e = torch.exp(logits)\n    return e / e.sum(0)\n",
    ),
    "cross_entropy_summed": (
        "losses.cross_entropy",
        "import torch\ndef cross_entropy(logits, labels):\n"
        "    log_p = logits - torch.logsumexp(logits, 1, keepdim=True)\n"
        "    return -log_p[range(len(labels)), labels].sum()\n",
    ),
    "linear_backward_returns_none": ("backprop.linear_backward", "def linear_backward(grad_out, x, weight): pass\n"),
    "linear_backward_only_square": (
        "backprop.linear_backward",
        "def linear_backward(grad_out, x, weight):\n    return grad_out @ weight.T, grad_out.T @ x, grad_out.sum(0)\n",
    ),
    "adam_step_in_place": (
        "optimizers.adam_step",
        "def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):\n"
        "    m.mul_(beta1).add_(grad, alpha=1 - beta1)\n    v.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)\n"
        "    m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)\n"
        "    return param - lr * m_hat / (v_hat.sqrt() + eps), m, v\n",
    ),
    "clip_grad_norm_two_mistakes": (
        "optimizers.clip_grad_norm",
        "import torch\ndef clip_grad_norm(grads, max_norm):\n"
        "    total = sum(g.norm() for g in grads)\n"
        "    return [g * (max_norm / (total + 1e-6)) for g in grads], total\n",
    ),
    "he_init_uniform": (
        "initialization.he_init",
        "import torch\ndef he_init(fan_in, fan_out, generator):\n"
        "    return torch.rand(fan_out, fan_in, generator=generator) * (2 / fan_in) ** 0.5\n",
    ),
    "warmup_cosine_one_step_early": (
        "schedules.warmup_cosine",
        "import math\ndef warmup_cosine(step, warmup_steps, total_steps, max_lr, min_lr=0.0):\n"
        "    if step < warmup_steps:\n        return max_lr * (step + 1) / warmup_steps\n"
        "    part = min(1, (step - warmup_steps) / max(1, total_steps - warmup_steps))\n"
        "    return min_lr + (max_lr - min_lr) * (1 + math.cos(math.pi * part)) / 2\n",
    ),
    "cosine_annealing_unforeseen": (
        "schedules.cosine_annealing",
        "import math\ndef cosine_annealing(step, total_steps, max_lr, min_lr=0.0):\n"
        "    part = min(1, step / total_steps)\n    part = part**3 * (10 - 15 * part + 6 * part**2)\n"
        "    return max_lr + (min_lr - max_lr) * part\n",
    ),
    "shortcut_in_one_exercise": ("activations.tanh", "def tanh(x): return x.tanh()\n"),
    "shortcut": (
        "losses.softmax",
        "from torch.nn.functional import softmax as s\ndef softmax(logits): return s(logits, -1)\n",
    ),
}


@pytest.mark.parametrize("name", SUBMISSIONS)
def test_message(name, course, grader, zygote):
    exercise_id, source = SUBMISSIONS[name]
    exercise = course.exercises[exercise_id]
    sources = {exercise.unit: source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    head = f"{result.status}, {result.points:g} of {result.max_points:g}, {result.degree}, {result.mistake}"
    text = f"{head}\n\n{result.message}\n"
    file = MESSAGES / f"{name}.txt"
    if os.environ.get("UPDATE_MESSAGES"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
    assert file.read_text() == text
