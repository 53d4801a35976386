# wrong: naive tanh
import torch


def tanh_grad(x):
    t = (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x))
    return 1 - t * t
