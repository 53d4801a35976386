# wrong: one half
import torch


def mse_loss(pred, target):
    return 0.5 * ((pred - target) ** 2).mean()
