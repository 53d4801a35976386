# wrong: zero left at zero
import torch


def leaky_relu_grad(x, negative_slope=0.01):
    g = torch.zeros_like(x)
    g[x > 0] = 1
    g[x < 0] = negative_slope
    return g
