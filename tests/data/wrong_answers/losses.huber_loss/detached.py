# wrong: branch in numpy
import torch


def huber_loss(pred, target, delta=1.0):
    e = (pred - target).detach().abs()
    return torch.where(e <= delta, 0.5 * e**2, delta * (e - 0.5 * delta)).mean()
