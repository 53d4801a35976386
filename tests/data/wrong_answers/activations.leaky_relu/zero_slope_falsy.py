# wrong: slope or 0.01: a slope of 0 becomes 0.01
import torch


def leaky_relu(x, negative_slope=0.01):
    negative_slope = negative_slope or 0.01
    return torch.where(x > 0, x, negative_slope * x)
