# wrong: multiplies in place
import torch


def silu(x):
    g = 1 / (1 + torch.exp(-x.data))
    x.data.mul_(g)
    return x
