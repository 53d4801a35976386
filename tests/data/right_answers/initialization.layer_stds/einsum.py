# right: einsum and where
import torch


def layer_stds(x, weights):
    stds, h = [], x
    for w in weights:
        z = torch.einsum("ni,oi->no", h, w)
        h = torch.where(z > 0, z, torch.zeros_like(z))
        stds += [h.var(correction=0).sqrt().item()]
    return stds
