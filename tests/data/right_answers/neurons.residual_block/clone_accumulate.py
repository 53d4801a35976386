# right: += on a copy
import torch


def residual_block(x, w1, b1, w2, b2):
    out = x.clone()
    z = x @ w1.T + b1
    out += ((z + torch.sqrt(z * z)) / 2) @ w2.T
    out += b2
    return out
