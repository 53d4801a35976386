# wrong: mean and no bias
import torch


def neuron(x, weight, bias):
    return 1 / (1 + torch.exp(-(x * weight).mean()))
