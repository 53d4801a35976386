"""Reference solutions of the unit losses."""

import math

import torch
from torch import Tensor


def mse_loss(pred: Tensor, target: Tensor) -> Tensor:
    """Mean of the squared errors over all elements, 0-d; `torch.nn.functional.mse_loss`."""
    return ((pred - target) ** 2).mean()


def mae_loss(pred: Tensor, target: Tensor) -> Tensor:
    """Mean of the absolute errors over all elements, 0-d; `torch.nn.functional.l1_loss`."""
    return (pred - target).abs().mean()


def huber_loss(pred: Tensor, target: Tensor, delta: float = 1.0) -> Tensor:
    """Mean of e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2), 0-d; Huber 1964, `torch.nn.HuberLoss`."""
    error = (pred - target).abs()
    # With i the part of the error inside delta, i (e - i / 2) is e^2 / 2 up to delta and delta (e - delta / 2) beyond:
    # no element needs to know which piece it is on, and a small error is never computed beside a large delta.
    inside = error.clamp(max=delta)
    return (inside * (error - 0.5 * inside)).mean()


def softmax(logits: Tensor) -> Tensor:
    """Probabilities over the last dimension, of the shape of `logits`; see `torch.softmax`."""
    # Softmax does not change when a number is added to a whole row. With the row's own maximum taken away,
    # every exponent is at most 0 (no overflow) and one is exactly 0 (no division by 0).
    powers = torch.exp(logits - logits.amax(dim=-1, keepdim=True))
    return powers / powers.sum(dim=-1, keepdim=True)


def log_softmax(logits: Tensor) -> Tensor:
    """Log-probabilities over the last dimension, of the shape of `logits`; see `torch.log_softmax`."""
    # log(exp(x) / sum exp(x)) = x - log sum exp(x): the logarithm of a tiny probability without the probability.
    shifted = logits - logits.amax(dim=-1, keepdim=True)
    return shifted - torch.log(torch.exp(shifted).sum(dim=-1, keepdim=True))


def cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean of -log p(label) over the batch, 0-d; logits (N, C), labels (N,). `torch.nn.functional.cross_entropy`."""
    rows = torch.arange(len(labels), device=labels.device)
    return -log_softmax(logits)[rows, labels].mean()


def binary_cross_entropy(prob: Tensor, target: Tensor) -> Tensor:
    """Mean of -(t log p + (1 - t) log(1 - p)) over all elements, 0-d; `torch.nn.functional.binary_cross_entropy`."""
    # Cutting the logarithms off, and not the probability, keeps every price below 100 exact, and turns the
    # 0 * -inf of a perfect prediction into 0 * -100.
    return -(target * _log_from_100(prob) + (1 - target) * _log_from_100(1 - prob)).mean()


def bce_with_logits(logits: Tensor, target: Tensor) -> Tensor:
    """Binary cross-entropy of sigmoid(z), mean over all elements, 0-d; finite for every z."""
    # -log sigmoid(z) = log(1 + exp(-z)) and -log(1 - sigmoid(z)) = log(1 + exp(z)) differ by z, so the loss is
    # log(exp(0) + exp(z)) - t z; logaddexp pulls the larger exponent out.
    return (torch.logaddexp(torch.zeros_like(logits), logits) - target * logits).mean()


def kl_divergence(p: Tensor, q: Tensor) -> Tensor:
    """Mean over the rows of sum_c p_c log(p_c / q_c), 0-d; p and q (N, C), rows of which add up to 1."""
    # Where p is 0 the term is 0, whatever q is. The logarithm is kept from ever seeing that 0, because 0 times
    # infinity is NaN, in the value and in the gradient.
    possible = p > 0
    ratio = torch.where(possible, p, 1.0) / torch.where(possible, q, 1.0)
    return torch.where(possible, p * torch.log(ratio), 0.0).sum(dim=-1).mean()


def weighted_cross_entropy(logits: Tensor, labels: Tensor, weight: Tensor) -> Tensor:
    """Weighted mean of -log p(label), each sample with its label's weight (C,), 0-d; torch's convention."""
    rows = torch.arange(len(labels), device=labels.device)
    used = weight[labels]
    # Divided by the weights that were used: the loss keeps its scale, whatever the weights' size.
    return -(used * log_softmax(logits)[rows, labels]).sum() / used.sum()


def class_weights(labels: Tensor, num_classes: int) -> Tensor:
    """N / (C count_c) for each class (C,), float32, 0 for a class that does not occur."""
    counts = torch.bincount(labels, minlength=num_classes).to(torch.float32)
    weights = len(labels) / (num_classes * counts)
    return torch.where(counts > 0, weights, 0.0)


def focal_loss(logits: Tensor, labels: Tensor, gamma: float = 2.0) -> Tensor:
    """Mean of (1 - p)^gamma (-log p) with p the probability of the label, 0-d; Lin et al. 2017."""
    rows = torch.arange(len(labels), device=labels.device)
    log_p = log_softmax(logits)[rows, labels]
    # 1 - exp(log_p), without the cancellation where p is near 1.
    missing = -torch.expm1(log_p)
    # A root has an infinite slope at 0: where p is 1, a gamma below 1 would make the gradient infinity times 0.
    missing = missing.clamp(min=torch.finfo(missing.dtype).tiny)
    return -(missing**gamma * log_p).mean()


def _log_from_100(prob: Tensor) -> Tensor:
    """log(prob), and -100 where it is below that."""
    # The logarithm never sees the probability 0: clamping its result alone gives the gradient 0 * 1/0, which is NaN.
    possible = prob > math.exp(-100)
    return torch.where(possible, torch.log(torch.where(possible, prob, 1.0)), -100.0)
