# right: positive and negative part
import torch


def leaky_relu(x, negative_slope=0.01):
    return torch.clamp(x, min=0) + negative_slope * torch.clamp(x, max=0)
