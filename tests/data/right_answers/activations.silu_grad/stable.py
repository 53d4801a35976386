# right: sigmoid(-x) for 1 - s
import torch


def silu_grad(x):
    e = torch.exp(-x.abs())
    p, q = 1 / (1 + e), e / (1 + e)
    s = torch.where(x >= 0, p, q)
    return s + x * p * q
