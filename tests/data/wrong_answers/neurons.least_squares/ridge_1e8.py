# wrong: ridge 1e-8
import torch


def least_squares(x, y):
    d = x.shape[1]
    return torch.linalg.inv(x.T @ x + 1e-8 * torch.eye(d, dtype=x.dtype)) @ (x.T @ y)
