# right: both exponents lowered by |x|
import torch


def tanh(x):
    a = torch.exp(x - x.abs())
    b = torch.exp(-x - x.abs())
    return (a - b) / (a + b)
