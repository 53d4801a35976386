# right: erfc
import math
import torch


def gelu_grad(x):
    return torch.erfc(-x / math.sqrt(2)) / 2 + x * torch.exp(-(x**2) / 2) * (1 / math.sqrt(2 * math.pi))
