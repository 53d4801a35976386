# wrong: sorted top k
import torch


def dropout(x, p, generator, training=True):
    if not training:
        return x, torch.ones_like(x, dtype=torch.bool)
    r = torch.rand(x.shape, generator=generator).flatten()
    k = int(p * r.numel())
    mask = torch.ones_like(r, dtype=torch.bool)
    mask[r.argsort()[:k]] = False
    mask = mask.view(x.shape)
    s = 1 / (1 - p) if p < 1 else 0.0
    return x * mask * s, mask
