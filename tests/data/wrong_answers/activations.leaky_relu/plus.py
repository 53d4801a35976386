# wrong: wrong sign of the negative part
import torch


def leaky_relu(x, negative_slope=0.01):
    return torch.clamp(x, min=0) + torch.clamp(-negative_slope * x, min=0)
