# wrong: exp(-2x)
import torch


def tanh(x):
    e = torch.exp(-2 * x)
    return (1 - e) / (1 + e)
