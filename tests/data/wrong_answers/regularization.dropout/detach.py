# wrong: detach
import torch


def dropout(x, p, generator, training=True):
    if not training:
        return x, torch.ones_like(x, dtype=torch.bool)
    mask = torch.rand(x.shape, generator=generator) >= p
    scale = 1 / (1 - p) if p < 1 else 0
    return torch.where(mask, x.detach() * scale, torch.zeros_like(x)), mask
