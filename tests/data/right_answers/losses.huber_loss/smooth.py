# right: smooth L1 times delta
import torch


def huber_loss(pred, target, delta=1.0):
    z = (pred - target).abs() / delta
    smooth = torch.where(z < 1, 0.5 * z**2, z - 0.5)
    return delta**2 * smooth.mean()
