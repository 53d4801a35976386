# wrong: broadcasting
import torch


def mse_loss(pred, target):
    return ((pred.unsqueeze(-1) - target.unsqueeze(-2)) ** 2).mean()
