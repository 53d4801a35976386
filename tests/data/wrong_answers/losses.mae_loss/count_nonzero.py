# wrong: averages over elements with nonzero error only
import torch


def mae_loss(pred, target):
    d = (pred - target).abs()
    return d.sum() / (d > 0).sum().clamp(min=1)
