# wrong: no_grad
import torch


def collapse_linear(w1, b1, w2, b2):
    with torch.no_grad():
        weight = w2 @ w1
        bias = w2 @ b1 + b2
    return weight, bias
