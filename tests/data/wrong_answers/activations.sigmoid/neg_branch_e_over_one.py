# wrong: negative branch exp(x) without the denominator
import torch


def sigmoid(x):
    return torch.where(x >= 0, 1 / (1 + torch.exp(-x.clamp(min=0))), torch.exp(x.clamp(max=0)))
