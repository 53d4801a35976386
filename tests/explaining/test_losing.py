"""Where numbers get lost: to infinity and NaN, in values and on the way back, to float32, to whole ones."""

import pytest

from backpass.worker.client import Worker
from backpass.worker.inspector import Inspector

# The exercise, the code, the line and what is marked there, and words that are said.
LOST = {
    "in a branch that is not chosen, on the way back": (
        "activations.sigmoid",
        "import torch\ndef sigmoid(x):\n    a = 1 / (1 + torch.exp(-x))\n"
        "    b = torch.exp(x) / (1 + torch.exp(x))\n    return torch.where(x >= 0, a, b)\n",
        (3, "torch.exp(-x)"),
        "the gradient is NaN",
    ),
    "a root at 0, on the way back": (
        "losses.mae_loss",
        "def mae_loss(pred, target):\n    off = pred - target\n    return (off**2).sqrt().mean()\n",
        (3, "(off**2).sqrt()"),
        "infinite slope at 0",
    ),
    "in a helper": (
        "activations.silu",
        "def gate(x):\n    e = x.exp()\n    return e / (e + 1)\ndef silu(x):\n    return gate(x) * x\n",
        (2, "x.exp()"),
        "exp(x) overflows",
    ),
    "0 divided by 0": (
        "optimizers.clip_grad_norm",
        "import torch\ndef clip_grad_norm(grads, max_norm):\n"
        "    total = torch.stack([(g**2).sum() for g in grads]).sum().sqrt()\n"
        "    if not torch.isfinite(total):\n        raise ValueError\n    unit = [g / total for g in grads]\n"
        "    return [u * total.clamp(max=max_norm) for u in unit], total\n",
        (6, "g / total"),
        "because it divides 0 by 0",
    ),
    "behind a logarithm of 0 that does no harm": (
        "backprop.two_layer_backward",
        "import torch\ndef two_layer_backward(x, y, w1, b1, w2, b2):\n    z1 = x @ w1.T + b1\n    h = z1.clamp(min=0)\n"
        "    p = torch.exp(-torch.logaddexp(z1.new_zeros(()), -(h @ w2.T + b2)))\n"
        "    yes, no = torch.log(p).clamp(min=-100), torch.log(1 - p).clamp(min=-100)\n"
        "    loss = -(y * yes + (1 - y) * no).mean()\n    g = (p - y) / (p * (1 - p)) / len(x)\n"
        "    d2 = g * p * (1 - p)\n    d1 = (d2 @ w2) * (z1 > 0)\n"
        "    return loss, {'w1': d1.T @ x, 'b1': d1.sum(0), 'w2': d2.T @ h, 'b2': d2.sum(0)}\n",
        (8, "(p - y) / (p * (1 - p))"),
        "because it divides 0 by 0",
    ),
    "to float32": (
        "activations.gelu",
        "import torch\ndef gelu(x):\n    root = torch.sqrt(torch.tensor(2.0))\n"
        "    return (x * 0.5 * (1 + torch.erf(x.float() / root))).to(x.dtype)\n",
        (4, "x.float()"),
        "is float32",
    ),
    "to whole numbers, in a method": (
        "regularization.label_smoothing",
        "import torch\nclass Table:\n    def fill(self, labels, n, s):\n        t = labels.new_zeros(len(labels), n)\n"
        "        t[:] = s / n\n        return t.float()\ndef fill(*args):\n    return Table().fill(*args)\n"
        "def label_smoothing(labels, num_classes, smoothing):\n    return fill(labels, num_classes, smoothing)\n",
        (5, "t[:] = s / n"),
        "cuts them off",
    ),
    "to whole numbers": (
        "regularization.label_smoothing",
        "import torch\ndef label_smoothing(labels, num_classes, smoothing):\n"
        "    soft = labels.new_full((len(labels), num_classes), smoothing / num_classes)\n"
        "    soft[range(len(labels)), labels] = 1 - smoothing\n    return soft.float()\n",
        (3, "labels.new_full((len(labels), num_classes), smoothing / num_classes)"),
        "cuts them off",
    ),
}

# Of two mistakes one is the catalogue's; what is told behind it.
BESIDE = {
    "an overflow": (
        "losses.bce_with_logits",
        "import torch\ndef bce_with_logits(logits, target):\n"
        "    return (torch.log(1 + torch.exp(logits)) - target * logits).sum()\n",
        "There is more. Your answer is not finite. The first number that is not finite comes from what is marked",
    ),
    "a corner": (
        "backprop.residual_backward",
        "def residual_backward(grad_out, x, w1, b1, w2, b2):\n    return (grad_out @ w2) * (x @ w1.T + b1 >= 0) @ w1\n",
        "There is more. The mistake above does not explain your answer",
    ),
    "an exception": (
        "normalization.layer_norm",
        "def layer_norm(x, gamma, beta, eps=1e-5):\n    mean = x.mean(1, keepdim=True)\n"
        "    var = ((x - mean) ** 2).mean(1, keepdim=True)\n"
        "    return (x - mean) / (var + eps) ** 0.5 * gamma + beta\n",
        "They are in the last one, -1. Line 2 raises IndexError for some inputs",
    ),
}


@pytest.fixture
def result(course, grader, zygote):
    def of(id, source):
        exercise = course.exercises[id]
        sources = {exercise.unit: source.encode()}
        with Worker(zygote, sources) as worker, Inspector(zygote, sources) as inspector:
            return grader.grade(exercise, worker.call, inspects=inspector)

    return of


@pytest.mark.parametrize("name", LOST)
def test_it_is_marked_where_numbers_get_lost(name, result):
    id, source, (line, expression), words = LOST[name]
    found = result(id, source)
    assert (found.line, found.expression) == (line, expression), found.message
    assert words in found.message


@pytest.mark.parametrize("name", BESIDE)
def test_what_a_named_mistake_does_not_explain_is_told(name, result):
    id, source, words = BESIDE[name]
    found = result(id, source)
    assert words in found.message, found.message
    assert found.degree == "cause"


def test_a_mistake_that_explains_all_has_nothing_beside_it(result):
    source = "import torch\ndef bce_with_logits(logits, target):\n"
    source += "    return (torch.logaddexp(logits, logits * 0) - target * logits).sum()\n"
    assert "There is more" not in result("losses.bce_with_logits", source).message
