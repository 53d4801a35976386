# right: addmm into the skip path
import torch


def residual_block(x, w1, b1, w2, b2):
    h = torch.addmm(b1, x, w1.T).clamp(min=0)
    return torch.addmm(x + b2, h, w2.T)
