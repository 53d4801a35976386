# right: e * clamp(e) - clamp^2 / 2
import torch


def huber_loss(pred, target, delta=1.0):
    e = pred - target
    c = torch.clamp(e, -delta, delta)
    return (e * c - 0.5 * c * c).mean()
