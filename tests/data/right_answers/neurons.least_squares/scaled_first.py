# right: columns scaled to length one and back
import torch


def least_squares(x, y):
    norm = (x * x).sum(0).sqrt()
    xs = x / norm
    return torch.linalg.solve(xs.T @ xs, xs.T @ y) / norm
