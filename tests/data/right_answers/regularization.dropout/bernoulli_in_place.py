# right: empty bernoulli_ in place
import torch


def dropout(x, p, generator, training=True):
    if not training:
        return x, torch.ones(x.shape, device=x.device) > 0
    mask = torch.empty(x.shape, device=x.device).bernoulli_(1 - p, generator=generator) > 0
    y = torch.zeros_like(x)
    y[mask] = x[mask] / (1 - p)
    return y, mask
