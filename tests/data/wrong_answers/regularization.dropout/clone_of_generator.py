# wrong: clone of generator
import torch


def dropout(x, p, generator, training=True):
    if not training:
        return x, torch.ones_like(x, dtype=torch.bool)
    g = torch.Generator().manual_seed(generator.initial_seed())
    mask = torch.rand(x.shape, generator=g) < 1 - p
    s = 1 / (1 - p) if p < 1 else 0.0
    return x * mask * s, mask
