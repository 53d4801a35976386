# right: clamped to 20, where tanh is 1 to the last bit
import torch


def tanh(x):
    x = x.clamp(-20, 20)
    return (torch.exp(x) - torch.exp(-x)) / (torch.exp(x) + torch.exp(-x))
