# right: dot product of the flattened error
import torch


def mse_loss(pred, target):
    e = (target - pred).reshape(-1)
    return torch.einsum("i,i->", e, e) / len(e)
