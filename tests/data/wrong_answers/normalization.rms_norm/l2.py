# wrong: unit norm with clamp, like F.normalize
import torch


def rms_norm(x, gamma, eps=1e-6):
    n = x.norm(dim=-1, keepdim=True).clamp(min=eps)
    return gamma * x / n
