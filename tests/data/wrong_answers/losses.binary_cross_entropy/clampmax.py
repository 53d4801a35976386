# wrong: wrong way
import torch


def binary_cross_entropy(prob, target):
    a = torch.log(prob).clamp(max=-100)
    c = torch.log(1 - prob).clamp(max=-100)
    return -(target * a + (1 - target) * c).mean()
