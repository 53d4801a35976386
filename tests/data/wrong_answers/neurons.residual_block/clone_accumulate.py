# wrong: ReLU by the root of a square, which has no finite slope at 0
import torch


def residual_block(x, w1, b1, w2, b2):
    out = x.clone()
    z = x @ w1.T + b1
    out += ((z + torch.sqrt(z * z)) / 2) @ w2.T
    out += b2
    return out
