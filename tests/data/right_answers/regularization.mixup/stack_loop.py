# right: stack loop
import torch


def mixup(x, targets, lam, permutation):
    xs = [lam * x[i] + (1 - lam) * x[j] for i, j in enumerate(permutation.tolist())]
    ts = [lam * targets[i] + (1 - lam) * targets[j] for i, j in enumerate(permutation.tolist())]
    return torch.stack(xs), torch.stack(ts)
