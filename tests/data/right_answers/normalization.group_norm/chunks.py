# right: chunk and cat
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    parts = []
    for part in torch.chunk(x, num_groups, dim=1):
        v, m = torch.var_mean(part, dim=(1, 2), correction=0, keepdim=True)
        parts.append((part - m) * torch.rsqrt(v + eps))
    return torch.cat(parts, dim=1) * gamma[None, :, None] + beta[None, :, None]
