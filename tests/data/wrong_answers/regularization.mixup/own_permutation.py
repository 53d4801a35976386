# wrong: own permutation
import torch


def mixup(x, targets, lam, permutation):
    perm = torch.randperm(len(x))
    return lam * x + (1 - lam) * x[perm], lam * targets + (1 - lam) * targets[perm]
