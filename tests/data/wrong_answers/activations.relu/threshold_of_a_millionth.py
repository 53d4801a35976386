# wrong: keeps only what is above 1e-6
import torch


def relu(x):
    return torch.where(x > 1e-6, x, torch.zeros_like(x))
