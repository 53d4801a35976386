# wrong: 1e-7 added
import torch


def sigmoid(x):
    return 1 / (1 + torch.exp(-x) + 1e-7)
