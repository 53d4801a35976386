# wrong: training ignored
import torch


def dropout(x, p, generator, training=True):
    mask = torch.rand(x.shape, generator=generator) < 1 - p
    s = 1 / (1 - p) if p < 1 else 0.0
    return x * mask * s, mask
