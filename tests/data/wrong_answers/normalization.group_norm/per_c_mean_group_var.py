# wrong: channel's own mean, group's variance
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    n, c, l = x.shape
    g = x.reshape(n, num_groups, -1, l)
    m = g.mean(3, keepdim=True)
    v = g.var((2, 3), unbiased=False, keepdim=True)
    return ((g - m) / torch.sqrt(v + eps)).reshape(n, c, l) * gamma[:, None] + beta[:, None]
