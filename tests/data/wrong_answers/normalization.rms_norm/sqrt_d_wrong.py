# wrong: norm divided by d outside of the root
import torch


def rms_norm(x, gamma, eps=1e-6):
    d = x.shape[-1]
    return gamma * x / (x.norm(dim=-1, keepdim=True) / d + eps)
