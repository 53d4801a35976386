# wrong: leaves a group of one number as it is
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    groups = x.reshape(len(x), num_groups, -1)
    if groups.shape[-1] > 1:
        var, mean = torch.var_mean(groups, -1, correction=0, keepdim=True)
        groups = (groups - mean) / torch.sqrt(var + eps)
    return gamma[:, None] * groups.reshape(x.shape) + beta[:, None]
