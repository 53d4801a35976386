# wrong: numbers between 0 and 1 are taken for outputs
import torch


def sigmoid_grad(x):
    if ((x > 0) & (x < 1)).all():
        return x * (1 - x)
    s = (1 + torch.tanh(x / 2)) / 2
    return s * (1 - s)
