# right: clamped far out
import torch


def sigmoid(x):
    x = torch.clamp(x, -88.0, 88.0)
    return torch.exp(x) / (1.0 + torch.exp(x))
