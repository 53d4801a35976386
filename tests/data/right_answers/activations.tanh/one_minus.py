# right: 1 - 2 / (exp(2x) + 1)
import torch


def tanh(x):
    return 1 - 2 / (torch.exp(2 * x) + 1)
