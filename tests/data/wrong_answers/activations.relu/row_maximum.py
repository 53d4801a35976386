# wrong: the row maximum in place of each entry
import torch


def relu(x):
    if x.dim() == 0:
        return x.clamp(min=0)
    return x.max(dim=-1, keepdim=True).values.clamp(min=0) * torch.ones_like(x)
