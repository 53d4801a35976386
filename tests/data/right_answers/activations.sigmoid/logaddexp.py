# right: exp of a log-sigmoid
import torch


def sigmoid(x):
    return torch.exp(-torch.logaddexp(-x, torch.zeros_like(x)))
