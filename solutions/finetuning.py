"""Reference solutions of the unit finetuning."""

import torch
from torch import Tensor


def layerwise_rates(num_layers: int, base_lr: float, decay: float) -> list[float]:
    """Rates from the first layer to the last: base_lr times decay to the number of layers behind (Howard and Ruder)."""
    return [base_lr * decay**behind for behind in reversed(range(num_layers))]


def decay_groups(params: dict[str, Tensor]) -> tuple[list[str], list[str]]:
    """Names of the tensors that weight decay is for, those of two or more dimensions, and of all others."""
    decayed = [name for name, param in params.items() if param.dim() >= 2]
    return decayed, [name for name in params if name not in decayed]


def finetune_step(
    params: dict[str, Tensor], grads: dict[str, Tensor], rates: dict[str, float], trainable: set[str]
) -> dict[str, Tensor]:
    """One step of SGD with a rate for each trained name; frozen tensors are handed on as they are."""
    return {name: param - rates[name] * grads[name] if name in trainable else param for name, param in params.items()}


def l2_sp_penalty(weights: list[Tensor], start: list[Tensor], strength: float) -> Tensor:
    """strength times the squared distance from the starting point, 0-d (Li et al. 2018)."""
    distances = [(weight - origin).square().sum() for weight, origin in zip(weights, start, strict=True)]
    return strength * torch.stack(distances).sum()


def ema_update(averages: list[Tensor], weights: list[Tensor], decay: float) -> list[Tensor]:
    """The exponential moving averages of weights, one step on."""
    return [decay * average + (1 - decay) * weight for average, weight in zip(averages, weights, strict=True)]
