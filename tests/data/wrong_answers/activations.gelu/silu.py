# wrong: silu
import torch


def gelu(x):
    return x / (1 + torch.exp(-x))
