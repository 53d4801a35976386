# wrong: clamped at 30
import torch


def sigmoid(x):
    return 1 / (1 + torch.exp(-torch.clamp(x, -30, 30)))
