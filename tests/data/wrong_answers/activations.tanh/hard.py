# wrong: clamp(-1, 1)
import torch


def tanh(x):
    return torch.clamp(x, -1.0, 1.0)
