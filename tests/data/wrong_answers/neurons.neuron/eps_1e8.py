# wrong: a small number against division by zero
import torch


def neuron(x, weight, bias):
    z = x @ weight + bias
    return 1 / (1 + torch.exp(-z) + 1e-8)
