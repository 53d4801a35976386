# wrong: 1.702
import torch


def gelu_grad(x):
    s = 1 / (1 + torch.exp(-1.702 * x))
    return s + 1.702 * x * s * (1 - s)
