# wrong: the logarithm of 0 is cut off afterwards: its slope stays infinite
import torch


def binary_cross_entropy(prob, target):
    lp = torch.log(prob).clamp_min(-100)
    lq = torch.log(1 - prob).clamp_min(-100)
    return -torch.lerp(lq, lp, target).mean()
