# wrong: the root of a square has no finite slope at 0
import torch


def mae_loss(pred, target):
    return ((pred - target) ** 2).sqrt().mean()
