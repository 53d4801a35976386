# wrong: if on the mean
import torch


def huber_loss(pred, target, delta=1.0):
    e = (pred - target).abs()
    if e.mean() <= delta:
        return (0.5 * e**2).mean()
    return (delta * (e - 0.5 * delta)).mean()
