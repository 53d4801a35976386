# wrong: clamps the probability
import torch


def binary_cross_entropy(prob, target):
    p = prob.clamp(1e-7, 1 - 1e-7)
    return -(target * torch.log(p) + (1 - target) * torch.log(1 - p)).mean()
