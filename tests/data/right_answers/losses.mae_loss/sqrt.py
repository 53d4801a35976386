# right: root of the square
import torch


def mae_loss(pred, target):
    return ((pred - target) ** 2).sqrt().mean()
