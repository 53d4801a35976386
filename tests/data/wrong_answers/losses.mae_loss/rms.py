# wrong: root mean square
import torch


def mae_loss(pred, target):
    return ((pred - target) ** 2).mean().sqrt()
