# right: one matrix with identity
import torch


def residual_block(x, w1, b1, w2, b2):
    hidden = torch.maximum(x @ w1.T + b1, x.new_zeros(()))
    eye = torch.eye(x.shape[1], dtype=x.dtype, device=x.device)
    return torch.cat([x, hidden], dim=1) @ torch.cat([eye, w2], dim=1).T + b2
