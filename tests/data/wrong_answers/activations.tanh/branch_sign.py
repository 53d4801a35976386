# wrong: negative branch has the wrong sign
import torch


def tanh(x):
    e = torch.exp(-2 * torch.abs(x))
    t = (1 - e) / (1 + e)
    return torch.where(x >= 0, t, 1 - t)
