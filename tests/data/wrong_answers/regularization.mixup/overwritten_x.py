# wrong: overwritten x
import torch


def mixup(x, targets, lam, permutation):
    x = lam * x
    x = x + (1 - lam) * x[permutation]
    targets = lam * targets + (1 - lam) * targets[permutation]
    return x, targets
