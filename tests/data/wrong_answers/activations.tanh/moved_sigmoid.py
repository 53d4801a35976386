# wrong: sigmoid - 0.5
import torch


def tanh(x):
    return 1 / (1 + torch.exp(-2 * x)) - 0.5
