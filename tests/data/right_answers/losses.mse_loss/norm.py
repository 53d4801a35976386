# right: vector norm squared
import torch


def mse_loss(pred, target):
    return torch.linalg.vector_norm(pred - target).pow(2) / pred.numel()
