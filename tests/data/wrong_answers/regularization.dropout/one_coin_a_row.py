# wrong: one coin a row
import torch


def dropout(x, p, generator, training=True):
    if not training:
        return x, torch.ones_like(x, dtype=torch.bool)
    shape = (x.shape[0],) + (1,) * (x.dim() - 1) if x.dim() else ()
    mask = (torch.rand(shape, generator=generator) < 1 - p).expand(x.shape)
    s = 1 / (1 - p) if p < 1 else 0.0
    return x * mask * s, mask
