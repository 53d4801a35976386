# wrong: compares the half square
import torch


def huber_loss(pred, target, delta=1.0):
    e = pred - target
    q = 0.5 * e**2
    return torch.where(q <= delta, q, delta * (e.abs() - 0.5 * delta)).mean()
