# right: pseudo-inverse
import torch


def least_squares(x, y):
    return torch.linalg.pinv(x) @ y
