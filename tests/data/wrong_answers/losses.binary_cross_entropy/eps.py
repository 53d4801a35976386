# wrong: eps in the log
import torch


def binary_cross_entropy(prob, target):
    eps = 1e-8
    return -(target * torch.log(prob + eps) + (1 - target) * torch.log(1 - prob + eps)).mean()
