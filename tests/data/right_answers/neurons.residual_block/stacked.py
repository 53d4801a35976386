# right: one matrix product with [I, W2]
import torch


def residual_block(x, w1, b1, w2, b2):
    h = (x @ w1.T + b1).clamp_min(0)
    eye = torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
    return torch.cat([x, h], dim=1) @ torch.cat([eye, w2], dim=1).T + b2
