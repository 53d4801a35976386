# wrong: 0.5 x + erf
import torch


def gelu(x):
    return 0.5 * x + torch.erf(x / 2**0.5) / 2
