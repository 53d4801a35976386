# wrong: no absolute value
import torch


def mae_loss(pred, target):
    return (pred - target).mean()
