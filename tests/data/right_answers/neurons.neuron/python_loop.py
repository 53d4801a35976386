# right: a loop over the inputs
import torch


def neuron(x, weight, bias):
    z = bias
    for xi, wi in zip(x, weight):
        z = z + xi * wi
    return (1 + torch.exp(-z)) ** -1
