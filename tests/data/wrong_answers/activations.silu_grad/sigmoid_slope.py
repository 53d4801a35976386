# wrong: s(1-s)
import torch


def silu_grad(x):
    s = 1 / (1 + torch.exp(-x))
    return s * (1 - s)
