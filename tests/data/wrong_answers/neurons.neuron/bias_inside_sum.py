# wrong: broadcasting adds the bias to each product
import torch


def neuron(x, weight, bias):
    z = (x * weight + bias).sum()
    return 1 / (1 + torch.exp(-z))
