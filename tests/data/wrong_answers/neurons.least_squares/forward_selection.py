# wrong: residual fitting
import torch


def least_squares(x, y):
    w = torch.zeros(x.shape[1], dtype=x.dtype)
    r = y.clone()
    for j in range(x.shape[1]):
        c = x[:, j]
        w[j] = (c @ r) / (c @ c)
        r = r - w[j] * c
    return w
