# wrong: clamped on one side
import torch


def binary_cross_entropy(prob, target):
    return -(target * torch.log(prob).clamp(min=-100) + (1 - target) * torch.log(1 - prob)).mean()
