# wrong: one mask for the whole tensor
import torch


def relu_grad(x):
    return torch.ones_like(x) * (x > 0).any()
