# right: (2 / (e^x + e^-x))^2
import torch


def tanh_grad(x):
    return (2 / (torch.exp(x) + torch.exp(-x))) ** 2
