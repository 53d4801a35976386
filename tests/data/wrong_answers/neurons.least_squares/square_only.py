# wrong: solve(x, y) on the first D rows
import torch


def least_squares(x, y):
    d = x.shape[1]
    return torch.linalg.solve(x[:d], y[:d])
