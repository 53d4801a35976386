# wrong: x e^x / (1 + e^x)
import torch


def silu(x):
    return x * torch.exp(x) / (1 + torch.exp(x))
