# wrong: transposes w1 only when shapes force it
import torch


def residual_block(x, w1, b1, w2, b2):
    a = w1 if w1.shape[0] == w1.shape[1] else w1.T
    h = (x @ a + b1).clamp(min=0)
    return x + h @ w2.T + b2
