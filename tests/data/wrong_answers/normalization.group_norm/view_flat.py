# wrong: view joins channels and positions
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    n, c, l = x.shape
    g = x.view(n, num_groups, -1)
    g = (g - g.mean(-1, keepdim=True)) / torch.sqrt(g.var(-1, keepdim=True, unbiased=False) + eps)
    return g.view(n, c, l) * gamma[:, None] + beta[:, None]
