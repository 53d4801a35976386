# wrong: two means
import torch


def huber_loss(pred, target, delta=1.0):
    e = (pred - target).abs()
    small = e[e <= delta]
    large = e[e > delta]
    return (0.5 * small**2).mean() + (delta * (large - 0.5 * delta)).mean()
