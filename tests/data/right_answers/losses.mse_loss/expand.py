# right: expanded square
import torch


def mse_loss(pred, target):
    return torch.mean(pred.square() - 2 * pred * target + target.square())
