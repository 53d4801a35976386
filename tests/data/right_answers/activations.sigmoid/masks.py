# right: boolean indexing into an own tensor
import torch


def sigmoid(x):
    out = torch.empty_like(x)
    pos = x >= 0
    out[pos] = 1 / (1 + torch.exp(-x[pos]))
    ex = torch.exp(x[~pos])
    out[~pos] = ex / (1 + ex)
    return out
