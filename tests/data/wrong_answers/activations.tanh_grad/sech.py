# wrong: 1 / cosh
import torch


def tanh_grad(x):
    return 1 / torch.cosh(x)
