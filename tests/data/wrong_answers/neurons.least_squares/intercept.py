# wrong: adds a column of ones
import torch


def least_squares(x, y):
    xb = torch.cat([torch.ones(len(x), 1, dtype=x.dtype), x], 1)
    w = torch.linalg.lstsq(xb, y[:, None]).solution[:, 0]
    return w[1:]
