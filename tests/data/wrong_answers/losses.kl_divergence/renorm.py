# wrong: clamps q then renormalises
import torch


def kl_divergence(p, q):
    q = q.clamp(min=1e-8)
    q = q / q.sum(-1, keepdim=True)
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum(-1).mean()
