# right: indexing
import torch


def leaky_relu_grad(x, negative_slope=0.01):
    g = torch.ones_like(x)
    g[x <= 0] = negative_slope
    return g
