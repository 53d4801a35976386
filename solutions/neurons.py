"""Reference solutions of the unit neurons."""

import torch
from torch import Tensor


def neuron(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Output of one sigmoid neuron, 0-d; x and weight (D,), bias 0-d."""
    z = (x * weight).sum() + bias
    # The logistic function is a tanh of half the argument, moved and scaled to lie between 0 and 1. Nothing
    # overflows in it: exp(z) / (1 + exp(z)) is infinity / infinity for a large z.
    return (1 + torch.tanh(z / 2)) / 2


def linear(x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A layer of neurons without their bend, (N, out); x (N, D), weight (out, D), bias (out,). `torch.nn.Linear`."""
    return x @ weight.T + bias


def collapse_linear(w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> tuple[Tensor, Tensor]:
    """The (weight, bias) of the one linear layer that equals two in a row; w1 (H, D), w2 (out, H)."""
    # W2 (W1 x + b1) + b2 = (W2 W1) x + (W2 b1 + b2): the first bias goes through the second layer as well.
    return w2 @ w1, w2 @ b1 + b2


def mlp_forward(x: Tensor, weights: list[Tensor], biases: list[Tensor]) -> Tensor:
    """Logits (N, out) of a network with ReLU after every layer but the last."""
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        x = _relu(x @ weight.T + bias)
    # No ReLU here: a logit may be negative.
    return x @ weights[-1].T + biases[-1]


def residual_block(x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
    """x plus a two-layer correction to it, (N, D); w1 (H, D), w2 (D, H). He et al. 2016."""
    hidden = _relu(x @ w1.T + b1)
    return x + hidden @ w2.T + b2


def least_squares(x: Tensor, y: Tensor) -> Tensor:
    """The weights (D,) that minimise the squared error of x @ weights against y; x (N, D) of full rank, y (N,)."""
    # With x = QR, the equations x.T x w = x.T y become R w = Q.T y. The product x.T x, whose condition number is
    # the square of that of x, is never formed.
    q, r = torch.linalg.qr(x)
    return torch.linalg.solve_triangular(r, (q.T @ y).unsqueeze(1), upper=True).squeeze(1)


def _relu(z: Tensor) -> Tensor:
    """max(z, 0), with the slope 0 at 0; autograd gives clamp the slope 1 there."""
    return torch.where(z <= 0, 0.0, z)
