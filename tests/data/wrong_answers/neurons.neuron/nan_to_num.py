# wrong: overflow swept under the carpet
import torch


def neuron(x, weight, bias):
    e = torch.exp(x @ weight + bias)
    return torch.nan_to_num(e / (1 + e), nan=0.0)
