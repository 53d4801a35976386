# wrong: dim=1 instead of -1 (3-D wrong)
import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    d = 1 if x.dim() > 1 else 0
    m = x.mean(d, keepdim=True)
    v = x.var(d, unbiased=False, keepdim=True)
    return gamma * (x - m) / torch.sqrt(v + eps) + beta
