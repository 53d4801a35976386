# wrong: sum over the last, mean over the rest
import torch


def mse_loss(pred, target):
    return ((pred - target) ** 2).sum(dim=-1).mean()
