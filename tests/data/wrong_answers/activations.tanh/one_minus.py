# wrong: exp(2 x) overflows in a denominator: right values, the gradient is NaN beyond 44
import torch


def tanh(x):
    return 1 - 2 / (torch.exp(2 * x) + 1)
