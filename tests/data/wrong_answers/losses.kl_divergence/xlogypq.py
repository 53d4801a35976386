# wrong: NaN when both are 0
import torch


def kl_divergence(p, q):
    return torch.xlogy(p, p / q).sum(-1).mean()
