# wrong: one very negative number turns the whole tensor into ReLU
import torch


def silu(x):
    if x.min() < -50:
        return x * (x > 0)
    return x / (1 + torch.exp(-x))
