# right: sum over everything divided by N
import torch


def kl_divergence(p, q):
    mask = p != 0
    ratio = torch.where(mask, p / q, torch.ones_like(p))
    return torch.where(mask, p * torch.log(ratio), torch.zeros_like(p)).sum() / p.shape[0]
