# wrong: both masks strict: an error of exactly delta costs nothing
import torch


def huber_loss(pred, target, delta=1.0):
    e = (pred - target).abs()
    s = (e < delta).to(e.dtype)
    b = (e > delta).to(e.dtype)
    return (s * 0.5 * e**2 + b * delta * (e - 0.5 * delta)).mean()
