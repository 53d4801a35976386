# wrong: the square overflows for huge numbers
import torch


def relu(x):
    return (x + torch.sqrt(x * x)) / 2
