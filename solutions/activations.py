"""Reference solutions of the unit activations."""

import math

import torch
from torch import Tensor


def sigmoid(x: Tensor) -> Tensor:
    """1 / (1 + exp(-x)), of the shape of x; see `torch.sigmoid`."""
    # Each half of the line has a form in which exp sees no positive number. The clamps keep the half that `where`
    # does not choose finite as well: an infinity there would turn autograd's 0 into NaN.
    down, up = torch.exp(x.clamp(max=0)), torch.exp(-x.clamp(min=0))
    return torch.where(x >= 0, 1 / (1 + up), down / (1 + down))


def tanh(x: Tensor) -> Tensor:
    """(exp(x) - exp(-x)) / (exp(x) + exp(-x)), of the shape of x; see `torch.tanh`."""
    # With e = exp(-2 |x|) - 1, tanh |x| is -e / (2 + e). expm1 keeps the digits that exp(...) - 1 loses near 0.
    down, up = torch.expm1(2 * x.clamp(max=0)), torch.expm1(-2 * x.clamp(min=0))
    return torch.where(x >= 0, -up / (2 + up), down / (2 + down))


def relu(x: Tensor) -> Tensor:
    """max(x, 0), of the shape of x; see `torch.relu`."""
    # Not x.clamp(min=0), to which autograd gives the slope 1 at 0, where relu_grad says 0. NaN stays NaN.
    return torch.where(x <= 0, 0.0, x)


def silu(x: Tensor) -> Tensor:
    """x sigmoid(x), of the shape of x, also called swish. Elfwing et al. 2018; `torch.nn.functional.silu`."""
    return x * sigmoid(x)


def leaky_relu(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """x where it is positive, negative_slope x elsewhere. Maas et al. 2013; `torch.nn.functional.leaky_relu`."""
    return torch.where(x > 0, x, negative_slope * x)


def gelu(x: Tensor) -> Tensor:
    """x P(Z < x) for a standard normal Z. Hendrycks & Gimpel 2016; `torch.nn.functional.gelu`."""
    return x * _normal_distribution(x)


def sigmoid_grad(x: Tensor) -> Tensor:
    """The derivative of sigmoid at x."""
    # sigmoid(-x) is 1 - sigmoid(x), without the cancellation for a large x.
    return sigmoid(x) * sigmoid(-x)


def tanh_grad(x: Tensor) -> Tensor:
    """The derivative of tanh at x."""
    return 1 - tanh(x) ** 2


def relu_grad(x: Tensor) -> Tensor:
    """The derivative of relu at x; 0 at 0."""
    return (x > 0).to(x.dtype)


def leaky_relu_grad(x: Tensor, negative_slope: float = 0.01) -> Tensor:
    """The derivative of leaky_relu at x; negative_slope at 0."""
    # full_like has the dtype of x: where(..., 1.0, negative_slope) would round the slope to float32.
    return torch.where(x > 0, torch.ones_like(x), torch.full_like(x, negative_slope))


def gelu_grad(x: Tensor) -> Tensor:
    """The derivative of gelu at x: the distribution function plus x times the density."""
    density = torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    return _normal_distribution(x) + x * density


def silu_grad(x: Tensor) -> Tensor:
    """The derivative of silu at x."""
    return sigmoid(x) * (1 + x * sigmoid(-x))


def gradient_through_depth(grad: Tensor, preactivations: list[Tensor]) -> list[float]:
    """Mean absolute gradient after each sigmoid layer on the way back, the last layer's first."""
    sizes = []
    for z in reversed(preactivations):
        grad = grad * sigmoid_grad(z)
        sizes.append(grad.abs().mean().item())
    return sizes


def dead_relu_fraction(activations: Tensor) -> float:
    """Share of the units (columns of the (N, H) activations) that are 0 on every sample."""
    dead = (activations == 0).all(dim=0)
    return int(dead.sum()) / dead.numel()


def _normal_distribution(x: Tensor) -> Tensor:
    """P(Z < x) for a standard normal Z: (1 + erf(x / sqrt 2)) / 2, without the cancellation for a very negative x."""
    return torch.erfc(-x / math.sqrt(2)) / 2
