# right: erfc
import torch


def gelu(x):
    return 0.5 * x * torch.erfc(-x * 0.5**0.5)
