# wrong: infinite wherever q = 0, also where p = 0
import torch


def kl_divergence(p, q):
    t = torch.where(p > 0, p * torch.log(p / q), torch.zeros_like(p))
    t = torch.where(q == 0, torch.full_like(t, float("inf")), t)
    return t.sum(1).mean()
