# right: the distribution function itself
import torch


def gelu(x):
    return x * torch.special.ndtr(x)
