# wrong: x tanh(softplus x)
import torch


def silu(x):
    return x * torch.tanh(torch.logaddexp(x, torch.zeros_like(x)))
