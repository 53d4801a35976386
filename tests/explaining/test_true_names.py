"""What tutors found said falsely of real answers, and must not be said again; and what is true of them."""

import pytest

from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

# The exercise, the code, what was said falsely, and what is to be said.
ANSWERS = {
    "a scale that grows one step late, and is always halved": (
        "scaling.update_loss_scale",
        "def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):\n"
        "    if found_inf:\n        return scale / 2, 0\n    if good_steps >= interval:\n"
        "        return scale * growth, 0\n    return scale, good_steps + 1\n",
        ("count goes on",),
        "",
    ),
    "one-hot times the logarithm of softmax": (
        "losses.cross_entropy",
        "import torch\ndef cross_entropy(logits, labels):\n"
        "    hot = torch.eye(logits.shape[1], dtype=logits.dtype)[labels]\n"
        "    e = torch.exp(logits)\n    p = e / e.sum(1, keepdim=True)\n"
        "    return -(hot * torch.log(p)).sum(1).mean()\n",
        ("minimum", "whole batch"),
        "",
    ),
    "each tensor clipped by itself": (
        "optimizers.clip_grad_norm",
        "import torch\ndef clip_grad_norm(grads, max_norm):\n    total = torch.sqrt(sum((g**2).sum() for g in grads))\n"
        "    if not torch.isfinite(total):\n        raise ValueError('not finite')\n"
        "    return [g * torch.clamp(max_norm / g.norm(), max=1.0) for g in grads], total\n",
        ("the loop starts at 1", "Each row is clipped"),
        "",
    ),
    "where the largest logit is, subtracted": (
        "losses.softmax",
        "import torch\ndef softmax(logits):\n    top = logits.argmax(dim=-1, keepdim=True)\n"
        "    e = torch.exp(logits - top)\n    return e / e.sum(dim=-1, keepdim=True)\n",
        ("as they are", "log-probability"),
        "What is marked in line 3 should be the largest logit of each row.",
    ),
    "the square of the product": (
        "landscape.sharpness",
        "def sharpness(matvec, start, iterations):\n    w = start\n    for _ in range(iterations):\n"
        "        n = (w * w).sum().sqrt()\n        if n == 0:\n            return 0.0\n        v = w / n\n"
        "        w = matvec(v)\n    return float((w * w).sum())\n",
        ("index",),
        "the sum of the products of `v` and `w`",
    ),
    "one power too many, counted from the other end": (
        "finetuning.layerwise_rates",
        "def layerwise_rates(num_layers, base_lr, decay):\n    rates = []\n    for i in range(num_layers):\n"
        "        depth = num_layers - i\n        rates.append(base_lr * decay**depth)\n    return rates\n",
        ("range(num_layers):",),
        "should be  [3, 2, 1, 0]",
    ),
    "whole-number division beside a power": (
        "tuning.accuracy_interval",
        "import math\ndef accuracy_interval(correct, total, z=1.96):\n    p = correct // total\n"
        "    d = 1 + z**2 / total\n    mid = (p + z**2 / (2 * total)) / d\n"
        "    half = z * math.sqrt(p * (1 - p) / total + z**2 / (4 * total**2)) / d\n"
        "    return (mid - half, mid + half)\n",
        ("0.0001", "is not used"),
        "What is marked in line 3 has the wrong operator",
    ),
    "the factor 2/n is missing": (
        "backprop.mse_backward",
        "def mse_backward(pred, target):\n    return pred - target\n",
        ("fixed number",),
        "",
    ),
    "a stable dropout with a mask of factors": (
        "regularization.dropout",
        "import torch\ndef dropout(x, p, generator, training=True):\n    if not training:\n"
        "        return x, torch.ones_like(x, dtype=torch.bool)\n    if p == 1:\n"
        "        return torch.zeros_like(x), torch.zeros_like(x, dtype=torch.bool)\n"
        "    mask = (torch.rand(x.shape, generator=generator) >= p).float() / (1 - p)\n    return x * mask, mask > 0\n",
        ("exchanged",),
        "float32's precision",
    ),
    "an error in the form, and no catalogued mistake": (
        "normalization.layer_norm",
        "import torch\ndef layer_norm(x, gamma, beta, eps=1e-5):\n    if torch.zeros(3) > 0:\n        return x\n"
        "    return x\n",
        ("Most of your wrong answers",),
        "Decide element by element",
    ),
    "two names for three numbers": (
        "activations.gelu",
        "import torch\ndef gelu(x):\n    a, b = torch.zeros(3)\n    return x\n",
        ("Most of your wrong answers",),
        "2 names stand on the left",
    ),
    "an index into nothing": (
        "schedules.step_decay",
        "def step_decay(step, base_lr, step_size, gamma=0.1):\n    return [][0]\n",
        ("Most of your wrong answers",),
        "fewer entries than this index asks for",
    ),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_nothing_false_is_said(name, course, grader, zygote):
    id, source, false, true = ANSWERS[name]
    exercise = course.exercises[id]
    sources = {exercise.unit: source.encode()}
    with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
        result = grader.grade(exercise, worker.call, inspects=inspector)
    assert result.status in ("failed", "crashed")
    assert not [words for words in false if words in result.message], result.message
    assert true in result.message, result.message
    assert "you  raises" not in result.message and "you return  raises" not in result.message


@pytest.mark.parametrize("code", ["if torch.zeros(3) > 0: pass", "a, b = torch.zeros(3)", "[][0]"])
def test_one_error_in_every_stub_is_no_mistake_of_the_catalogue(code, course, grader, zygote):
    """An exception says nothing of what its author has misunderstood."""
    named = []
    for unit in ("losses",):
        header = "import torch\n"
        for exercise in course.unit(unit).exercises:
            header += f"def {exercise.signature}:\n    {code}\n\n"
        sources = {unit: header.encode()}
        with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
            for exercise in course.unit(unit).exercises:
                result = grader.grade(exercise, worker.call, inspects=inspector)
                if result.mistake != "raises":
                    named.append((exercise.id, result.mistake, result.message[:100]))
    assert not named
