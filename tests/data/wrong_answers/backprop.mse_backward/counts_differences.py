# wrong: the mean over the elements that differ
import torch


def mse_backward(pred, target):
    d = pred - target
    return 2 * d / max(int((d != 0).sum()), 1)
