# wrong: labels compared with 1
import torch


def binary_cross_entropy(prob, target):
    a = torch.log(prob).clamp(min=-100)
    c = torch.log(1 - prob).clamp(min=-100)
    return -torch.where(target == 1, a, c).mean()
