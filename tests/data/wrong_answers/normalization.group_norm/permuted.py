# wrong: permutes the channels to the end before grouping
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    n, c, l = x.shape
    g = x.permute(0, 2, 1).reshape(n, num_groups, -1)
    g = (g - g.mean(-1, keepdim=True)) / torch.sqrt(g.var(-1, unbiased=False, keepdim=True) + eps)
    return g.reshape(n, l, c).permute(0, 2, 1) * gamma[:, None] + beta[:, None]
