# right: heaviside
import torch


def relu_grad(x):
    return torch.heaviside(x, torch.zeros((), dtype=x.dtype))
