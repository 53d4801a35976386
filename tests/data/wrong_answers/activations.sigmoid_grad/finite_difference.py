# wrong: finite difference with a large step
import torch


def sigmoid_grad(x):
    f = lambda v: 1 / (1 + torch.exp(-v))
    return (f(x + 1e-3) - f(x)) / 1e-3
