# wrong: groups cut from positions
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    n, c, l = x.shape
    g = x.transpose(1, 2).reshape(n, num_groups, -1)
    y = ((g - g.mean(-1, keepdim=True)) / (g.var(-1, unbiased=False, keepdim=True) + eps).sqrt()).reshape(n, c, l)
    return gamma[:, None] * y + beta[:, None]
