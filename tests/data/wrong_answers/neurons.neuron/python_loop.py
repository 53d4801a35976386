# wrong: exp(-z) overflows in the denominator: the gradient is NaN below -88
import torch


def neuron(x, weight, bias):
    z = bias
    for xi, wi in zip(x, weight):
        z = z + xi * wi
    return (1 + torch.exp(-z)) ** -1
