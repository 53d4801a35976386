"""Reference solutions of the unit initialization."""

import math

import torch
from torch import Tensor


def he_init(fan_in: int, fan_out: int, generator: torch.Generator) -> Tensor:
    """Weights (fan_out, fan_in), float32, normal with variance 2 / fan_in (He et al. 2015, equation 10)."""
    # A sum of fan_in products has fan_in times the variance of one, and ReLU keeps half of it: 2 / fan_in
    # makes up for both, so that layer after layer keeps the scale of the signal.
    weight = torch.randn(fan_out, fan_in, generator=generator, device=generator.device, dtype=torch.float32)
    return weight * math.sqrt(2 / fan_in)
