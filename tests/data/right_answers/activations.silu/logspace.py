# right: logaddexp
import torch


def silu(x):
    return x * torch.exp(-torch.logaddexp(torch.zeros_like(x), -x))
