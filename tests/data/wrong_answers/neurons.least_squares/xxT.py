# wrong: inverse of x @ x.T
import torch


def least_squares(x, y):
    return torch.linalg.pinv(x @ x.T) @ y
