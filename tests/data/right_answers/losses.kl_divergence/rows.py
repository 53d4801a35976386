# right: row by row with a mask
import torch


def kl_divergence(p, q):
    total = 0
    for a, c in zip(p, q):
        m = a > 0
        total = total + (a[m] * torch.log(a[m] / c[m])).sum()
    return total / len(p)
