# wrong: infinity below the line: right values, the gradient is NaN below -88
import torch


def silu(x):
    return x - x / (1 + torch.exp(x))
