"""Reference solutions of the unit diagnostics."""

import math
from itertools import pairwise

import torch
from torch import Tensor


def initial_loss(num_classes: int) -> float:
    """log C."""
    return math.log(num_classes)


def accuracy(pred: Tensor, labels: Tensor) -> float:
    """The share of the samples whose predicted class is the right one."""
    return int((pred == labels).sum()) / len(labels)


def recall(pred: Tensor, labels: Tensor, positive: int = 1) -> float:
    """The share of the samples of class `positive` that are predicted to be of it; 0.0 where there are none."""
    of_the_class = labels == positive
    count = int(of_the_class.sum())
    return int((of_the_class & (pred == positive)).sum()) / count if count else 0.0


def precision(pred: Tensor, labels: Tensor, positive: int = 1) -> float:
    """The share of the samples predicted to be of class `positive` that are of it; 0.0 where there are none."""
    predicted = pred == positive
    count = int(predicted.sum())
    return int((predicted & (labels == positive)).sum()) / count if count else 0.0


def confusion_matrix(pred: Tensor, labels: Tensor, num_classes: int) -> Tensor:
    """Counts (C, C), int64: rows the right class, columns the predicted one."""
    # `matrix[labels, pred] += 1` would count a pair that occurs twice once: numbers are counted instead, one an entry.
    entry = labels * num_classes + pred
    return torch.bincount(entry, minlength=num_classes**2).reshape(num_classes, num_classes)


def gradient_report(grads: dict[str, Tensor], low: float = 1e-6, high: float = 1e3) -> dict[str, tuple[float, str]]:
    """The mean absolute value of each gradient, with a verdict on it."""
    report = {}
    for name, grad in grads.items():
        size = grad.abs().mean().item()
        if not math.isfinite(size) or size > high:
            verdict = "exploding"
        else:
            verdict = "vanishing" if size < low else "healthy"
        report[name] = (size, verdict)
    return report


def update_ratio(old: Tensor, new: Tensor) -> float:
    """Euclidean norm of the change over that of the old tensor; 0.0 without a change, infinity from zero."""
    change, size = (new - old).norm().item(), old.norm().item()
    if change == 0:
        return 0.0
    return change / size if size else math.inf


def diagnose_curve(train: list[float], val: list[float]) -> str:
    """What the curves of a run show, in one of seven words."""
    start = max(train[0], val[0])
    if not all(map(math.isfinite, train + val)) or train[-1] > 3 * start:
        return "diverged"
    jumps = [after / before for before, after in pairwise(train)]
    # A jump is a spike when the loss is soon below it again and stays there: the others belong to a restless run.
    highest = jumps.index(max(jumps))
    if jumps[highest] > 3 and max(train[highest + 3 :], default=math.inf) < 0.5 * train[highest + 1]:
        return "spike"
    second_half = train[len(train) // 2 :]
    ways = [abs(after - before) for before, after in pairwise(second_half)]
    detour = sum(ways) - abs(second_half[-1] - second_half[0])
    if detour / len(ways) > 0.15 * sum(second_half) / len(second_half):
        return "oscillating"
    end = sum(train[-3:]) / 3
    if end > 0.9 * train[0]:
        return "not learning"
    if sum(val[-3:]) / 3 > 1.25 * min(val):
        return "overfitting"
    return "underfitting" if end > 0.4 * train[0] else "healthy"


def overfit_one_batch(
    x: Tensor, labels: Tensor, hidden: int, lr: float, steps: int, generator: torch.Generator
) -> list[float]:
    """The losses before each step of Adam on one batch."""
    classes = int(labels.max()) + 1
    params = [tensor for fans in ((x.shape[1], hidden), (hidden, classes)) for tensor in _layer(*fans, x, generator)]
    means, squares = ([torch.zeros_like(param) for param in params] for _ in range(2))
    losses = []
    for step in range(1, steps + 1):
        loss, grads = _loss_and_grads(x, labels, *params)
        losses.append(loss.item())
        for param, grad, mean, square in zip(params, grads, means, squares, strict=True):
            mean += 0.1 * (grad - mean)
            square += 0.001 * (grad**2 - square)
            param -= lr * (mean / (1 - 0.9**step)) / ((square / (1 - 0.999**step)).sqrt() + 1e-8)
    return losses


def _layer(fan_in: int, fan_out: int, x: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Weights by He initialization, and biases of 0, with the dtype and device of x."""
    noise = torch.randn(fan_out, fan_in, generator=generator, device=generator.device)
    return math.sqrt(2 / fan_in) * noise.to(x), torch.zeros(fan_out, dtype=x.dtype, device=x.device)


def _loss_and_grads(
    x: Tensor, labels: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor
) -> tuple[Tensor, tuple[Tensor, ...]]:
    """Cross-entropy of a network with one hidden layer, and its gradient with respect to w1, b1, w2, b2."""
    z = x @ w1.T + b1
    h = z.clamp(min=0)
    logits = h @ w2.T + b2
    log_probs = logits - logits.logsumexp(1, keepdim=True)
    right = torch.arange(len(labels), device=x.device), labels
    delta = log_probs.exp()
    delta[right] -= 1
    delta /= len(labels)
    back = (delta @ w2) * (z > 0)
    return -log_probs[right].mean(), (back.T @ x, back.sum(0), delta.T @ h, delta.sum(0))
