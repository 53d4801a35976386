# wrong: numbers up to 0.001 count as negative
import torch


def relu(x):
    return torch.where(x > 1e-3, x, torch.zeros_like(x))
