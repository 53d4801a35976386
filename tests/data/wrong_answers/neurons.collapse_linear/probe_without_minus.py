# wrong: bias not taken off
import torch


def collapse_linear(w1, b1, w2, b2):
    eye = torch.eye(w1.shape[1], dtype=w1.dtype)
    zero = torch.zeros(1, w1.shape[1], dtype=w1.dtype)
    f = lambda x: (x @ w1.T + b1) @ w2.T + b2
    return f(eye).T, f(zero)[0]
