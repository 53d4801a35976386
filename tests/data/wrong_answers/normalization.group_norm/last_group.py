# wrong: the loop keeps only the last group
import torch


def group_norm(x, num_groups, gamma, beta, eps=1e-5):
    size = x.shape[1] // num_groups
    out = torch.zeros_like(x)
    for k in range(num_groups):
        out = torch.zeros_like(x)
        part = x[:, k * size : (k + 1) * size]
        m, v = part.mean((1, 2), keepdim=True), part.var((1, 2), keepdim=True, unbiased=False)
        out[:, k * size : (k + 1) * size] = (part - m) / torch.sqrt(v + eps)
    return out * gamma[:, None] + beta[:, None]
