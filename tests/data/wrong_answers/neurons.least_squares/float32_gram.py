# wrong: float32 inside
import torch


def least_squares(x, y):
    a, b = x.float(), y.float()
    return torch.linalg.solve(a.T @ a, a.T @ b).to(x.dtype)
