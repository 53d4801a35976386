# right: sample by sample
import torch


def residual_block(x, w1, b1, w2, b2):
    out = []
    for row in x:
        h = w1 @ row + b1
        h = torch.where(h > 0, h, torch.zeros_like(h))
        out.append(row + w2 @ h + b2)
    return torch.stack(out)
