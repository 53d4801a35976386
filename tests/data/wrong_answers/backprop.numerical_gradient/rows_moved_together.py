# wrong: the loop runs over the first dimension, and moves whole rows
import torch


def numerical_gradient(f, x, h=1e-5):
    if x.dim() == 0:
        return (f(x + h) - f(x - h)) / (2 * h)
    grad = torch.zeros_like(x)
    for i in range(x.shape[0]):
        up, down = x.clone(), x.clone()
        up[i] += h
        down[i] -= h
        grad[i] = (f(up) - f(down)) / (2 * h)
    return grad
