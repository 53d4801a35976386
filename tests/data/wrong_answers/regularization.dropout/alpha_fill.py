# wrong: dropped entries become the mean of x
import torch


def dropout(x, p, generator, training=True):
    if not training:
        return x, torch.ones_like(x, dtype=torch.bool)
    mask = torch.rand(x.shape, generator=generator, device=x.device) >= p
    if p == 1:
        return torch.zeros_like(x), mask & False
    return torch.where(mask, x / (1 - p), x.mean()), mask
