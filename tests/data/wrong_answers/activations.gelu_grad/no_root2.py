# wrong: erf(x)
import math
import torch


def gelu_grad(x):
    return 0.5 * (1 + torch.erf(x)) + x * torch.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
