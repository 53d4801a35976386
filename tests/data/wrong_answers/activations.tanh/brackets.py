# wrong: brackets lost
import torch


def tanh(x):
    return torch.exp(x) - torch.exp(-x) / torch.exp(x) + torch.exp(-x)
