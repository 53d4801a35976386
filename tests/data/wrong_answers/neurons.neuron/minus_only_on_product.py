# wrong: the minus binds to the product only
import torch


def neuron(x, weight, bias):
    return 1 / (1 + torch.exp(-x @ weight + bias))
