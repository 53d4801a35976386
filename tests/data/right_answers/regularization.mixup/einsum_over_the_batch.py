# right: a matrix of shares, einsum over the batch
import torch


def mixup(x, targets, lam, permutation):
    n = len(x)
    a = lam * torch.eye(n, dtype=x.dtype) + (1 - lam) * torch.eye(n, dtype=x.dtype)[permutation]
    return torch.einsum("ij,j...->i...", a, x), a.to(targets.dtype) @ targets
