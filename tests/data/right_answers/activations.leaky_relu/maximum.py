# right: larger of the two (slope at most 1)
import torch


def leaky_relu(x, negative_slope=0.01):
    return torch.maximum(x, negative_slope * x)
