# right: float64 draw, drop first
import torch


def dropout(x, p, generator, training=True):
    drop = torch.zeros(x.shape, dtype=torch.bool, device=x.device)
    factor = 1.0
    if training:
        drop = torch.rand(x.shape, dtype=torch.float64, generator=generator, device=x.device) < p
        factor = 1 / (1 - p) if p != 1 else 1.0
    return torch.where(drop, torch.zeros((), dtype=x.dtype, device=x.device), x * factor), torch.logical_not(drop)
