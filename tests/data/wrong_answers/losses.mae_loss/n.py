# wrong: by len
import torch


def mae_loss(pred, target):
    return (pred - target).abs().sum() / pred.shape[0]
