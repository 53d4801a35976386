# right: where with abs
import torch


def huber_loss(pred, target, delta=1.0):
    e = torch.abs(pred - target)
    return torch.where(e <= delta, 0.5 * e**2, delta * (e - 0.5 * delta)).mean()
