# wrong: where the correction is 0, x is left out
import torch


def residual_block(x, w1, b1, w2, b2):
    branch = (x @ w1.T + b1).clamp(min=0) @ w2.T + b2
    return torch.where(branch == 0, branch, x + branch)
