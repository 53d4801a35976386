# wrong: affine first
import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    z = gamma * x + beta
    m = z.mean(-1, keepdim=True)
    v = z.var(-1, unbiased=False, keepdim=True)
    return (z - m) / torch.sqrt(v + eps)
