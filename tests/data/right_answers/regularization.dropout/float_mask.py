# right: the mask is a float tensor of 0 and 1
import torch


def dropout(x, p, generator, training=True):
    if not training:
        return x, torch.ones_like(x)
    mask = (torch.rand(x.shape, generator=generator, device=x.device) > p).to(x.dtype)
    return x * mask / max(1 - p, 1e-12), mask
