# right: group membership matrix
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    n, c, l = x.shape
    k = c // num_groups
    ids = torch.arange(c, device=x.device) // k
    same = (ids[:, None] == ids[None, :]).to(x.dtype) / k
    mean = same @ x.mean(-1, keepdim=True)
    var = same @ (x - mean).square().mean(-1, keepdim=True)
    return gamma[:, None] * ((x - mean) / (var + eps).sqrt()) + beta[:, None]
