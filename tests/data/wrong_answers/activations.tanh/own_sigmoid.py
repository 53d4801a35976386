# wrong: through an unguarded sigmoid: right values, the gradient is NaN below -44
import torch


def sigmoid(x):
    return 1 / (1 + torch.exp(-x))


def tanh(x):
    return 2 * sigmoid(2 * x) - 1
