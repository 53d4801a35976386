# wrong: where after a NaN: NaN gradient only where p is 0, but with log(p/q) detached
import torch


def kl_divergence(p, q):
    ratio = torch.where(p > 0, p / q, torch.ones_like(p)).detach()
    return (p * torch.log(ratio)).sum(-1).mean()
