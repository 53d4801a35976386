# wrong: divides by rsqrt
import torch


def rms_norm(x, gamma, eps=1e-6):
    return gamma * x / torch.rsqrt((x**2).mean(-1, keepdim=True) + eps)
