# wrong: exp(-x^2)
import math
import torch


def gelu_grad(x):
    return 0.5 * (1 + torch.erf(x / math.sqrt(2))) + x * torch.exp(-(x**2)) / math.sqrt(2 * math.pi)
