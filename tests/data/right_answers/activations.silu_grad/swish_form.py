# right: y + s (1 - y)
import torch


def silu_grad(x):
    s = 1 / (1 + torch.exp(-x))
    y = x * s
    return y + s * (1 - y)
