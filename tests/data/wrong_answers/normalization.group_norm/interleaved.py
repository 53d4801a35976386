# wrong: reshape with the sizes the other way round
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    n, c, l = x.shape
    g = x.reshape(n, c // num_groups, num_groups, l)
    g = (g - g.mean((1, 3), keepdim=True)) / torch.sqrt(g.var((1, 3), keepdim=True, unbiased=False) + eps)
    return g.reshape(n, c, l) * gamma[:, None] + beta[:, None]
