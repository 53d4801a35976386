# right: a membership matrix of groups
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    n, c, l = x.shape
    group_of = torch.arange(c, device=x.device) // (c // num_groups)
    same = (group_of[:, None] == group_of[None, :]).to(x.dtype)
    share = same / same.sum(1, keepdim=True) / l
    mean = share @ x.sum(2, keepdim=True)
    d = x - mean
    var = share @ d.pow(2).sum(2, keepdim=True)
    return gamma[:, None] * d / torch.sqrt(var + eps) + beta[:, None]
