# wrong: y + s(1-s x): s(1-xs)
import torch


def silu_grad(x):
    s = 1 / (1 + torch.exp(-x))
    return s * (1 - x * s)
