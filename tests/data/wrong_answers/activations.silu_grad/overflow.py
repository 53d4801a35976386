# wrong: exponentials
import torch


def silu_grad(x):
    e = torch.exp(x)
    return (e * (1 + e) + x * e) / (1 + e) ** 2
