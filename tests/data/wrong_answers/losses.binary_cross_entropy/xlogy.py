# wrong: xlogy alone, infinite for confident mistakes
import torch


def binary_cross_entropy(prob, target):
    return -(torch.xlogy(target, prob) + torch.xlogy(1 - target, 1 - prob)).mean()
