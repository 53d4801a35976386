# wrong: chooses the stable form once, by the mean of the whole tensor
import torch


def sigmoid(x):
    if x.mean() >= 0:
        return 1 / (1 + torch.exp(-x))
    e = torch.exp(x)
    return e / (1 + e)
