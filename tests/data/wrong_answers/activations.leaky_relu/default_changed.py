# wrong: default is 0.1
import torch


def leaky_relu(x, negative_slope=0.1):
    return torch.where(x > 0, x, negative_slope * x)
