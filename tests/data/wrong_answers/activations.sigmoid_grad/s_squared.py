# wrong: s (1 - s) ** 2
import torch


def sigmoid_grad(x):
    s = 1 / (1 + torch.exp(-x))
    return s * (1 - s) ** 2
