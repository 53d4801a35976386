# wrong: mean absolute deviation
import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    c = x - x.mean(-1, keepdim=True)
    return gamma * c / (c.abs().mean(-1, keepdim=True) + eps) + beta
