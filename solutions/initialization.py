"""Reference solutions of the unit initialization."""

import math

import torch
from torch import Tensor


def xavier_init(fan_in: int, fan_out: int, generator: torch.Generator) -> Tensor:
    """Weights (fan_out, fan_in), float32, normal with variance 2 / (fan_in + fan_out) (Glorot & Bengio 2010)."""
    # The signal keeps its scale on the way forward with 1 / fan_in, the gradient on the way back with 1 / fan_out.
    # A layer has one weight for both: one over the mean of the fans.
    weight = torch.randn(fan_out, fan_in, generator=generator, device=generator.device, dtype=torch.float32)
    return weight * math.sqrt(2 / (fan_in + fan_out))


def he_init(fan_in: int, fan_out: int, generator: torch.Generator) -> Tensor:
    """Weights (fan_out, fan_in), float32, normal with variance 2 / fan_in (He et al. 2015, equation 10)."""
    # A sum of fan_in products has fan_in times the variance of one, and ReLU keeps half of it: 2 / fan_in
    # makes up for both, so that layer after layer keeps the scale of the signal.
    weight = torch.randn(fan_out, fan_in, generator=generator, device=generator.device, dtype=torch.float32)
    return weight * math.sqrt(2 / fan_in)


def layer_stds(x: Tensor, weights: list[Tensor]) -> list[float]:
    """Standard deviation of the output of each layer of a ReLU network without biases, over all its numbers."""
    stds = []
    for weight in weights:
        x = (x @ weight.T).clamp(min=0)
        stds.append(x.std().item())
    return stds


def layer_grad_stds(grad: Tensor, weights: list[Tensor], preactivations: list[Tensor]) -> list[float]:
    """Standard deviation of a gradient after each layer of a ReLU network that it is sent back through."""
    stds = []
    for weight, z in zip(reversed(weights), reversed(preactivations), strict=True):
        grad = (grad * (z > 0)) @ weight
        stds.append(grad.std().item())
    return stds
