# wrong: branches by sign, but zero falls in neither
import torch


def sigmoid(x):
    out = torch.zeros_like(x)
    pos = x > 0
    neg = x < 0
    out[pos] = 1 / (1 + torch.exp(-x[pos]))
    e = torch.exp(x[neg])
    out[neg] = e / (1 + e)
    return out
