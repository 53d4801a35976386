# right: product rule on 0.5 x (1 + erf)
import math
import torch


def gelu_grad(x):
    u = x / 2**0.5
    return 0.5 * (1 + torch.erf(u)) + 0.5 * x * (2 / math.pi**0.5) * torch.exp(-u * u) / 2**0.5
