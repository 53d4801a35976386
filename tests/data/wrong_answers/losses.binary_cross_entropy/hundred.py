# wrong: clamps the loss at 100
import torch


def binary_cross_entropy(prob, target):
    loss = -(target * torch.log(prob) + (1 - target) * torch.log(1 - prob))
    return loss.clamp(max=100).mean()
