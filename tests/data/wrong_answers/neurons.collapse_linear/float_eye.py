# wrong: float32 eye
import torch


def collapse_linear(w1, b1, w2, b2):
    eye = torch.eye(w1.shape[1])
    bias = w2 @ b1 + b2
    return ((eye @ w1.T + b1) @ w2.T + b2 - bias).T, bias
