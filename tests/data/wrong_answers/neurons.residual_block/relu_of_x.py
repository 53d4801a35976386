# wrong: relu applied to x before the first layer (pre-activation), none after
import torch


def residual_block(x, w1, b1, w2, b2):
    h = torch.clamp(x, min=0) @ w1.T + b1
    return x + h @ w2.T + b2
