# wrong: quotient rule, other side
import torch


def sigmoid_grad(x):
    e = torch.exp(x)
    return e / (1 + e) ** 2
