# right: vector norm
import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    d = x.shape[-1]
    c = x - x.mean(dim=-1, keepdim=True)
    ms = torch.linalg.vector_norm(c, dim=-1, keepdim=True).pow(2) / d
    return gamma * (c / (ms + eps).sqrt()) + beta
