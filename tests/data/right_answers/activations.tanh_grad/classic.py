# right: 1 - tanh^2
import torch


def tanh_grad(x):
    return 1 - torch.tanh(x).pow(2)
