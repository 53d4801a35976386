# wrong: sign forgotten
import torch


def tanh(x):
    e = torch.exp(-2 * x.abs())
    return (1 - e) / (1 + e)
