# wrong: gamma multiplied before the rms
import torch


def rms_norm(x, gamma, eps=1e-6):
    x = gamma * x
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps)
