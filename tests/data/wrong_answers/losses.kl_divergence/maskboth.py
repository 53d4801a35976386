# wrong: skips zeros of q
import torch


def kl_divergence(p, q):
    m = (p > 0) & (q > 0)
    return (p[m] * torch.log(p[m] / q[m])).sum() / len(p)
