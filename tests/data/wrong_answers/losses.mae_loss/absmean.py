# wrong: abs of the mean
import torch


def mae_loss(pred, target):
    return torch.abs((pred - target).mean())
