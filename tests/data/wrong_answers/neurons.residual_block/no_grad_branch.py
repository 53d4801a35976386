# wrong: the branch under no_grad
import torch


def residual_block(x, w1, b1, w2, b2):
    with torch.no_grad():
        f = (x @ w1.T + b1).clamp(min=0) @ w2.T + b2
    return x + f
