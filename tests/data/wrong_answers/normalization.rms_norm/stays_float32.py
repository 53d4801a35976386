# wrong: returns float32 for float64
import torch


def rms_norm(x, gamma, eps=1e-6):
    h = x.float()
    return gamma.float() * h * torch.rsqrt(h.pow(2).mean(-1, keepdim=True) + eps)
