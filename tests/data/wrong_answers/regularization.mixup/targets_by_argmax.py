# wrong: partner's class made hard
import torch


def mixup(x, targets, lam, permutation):
    hard = torch.zeros_like(targets)
    hard[torch.arange(len(targets)), targets[permutation].argmax(1)] = 1
    return lam * x + (1 - lam) * x[permutation], lam * targets + (1 - lam) * hard
