# wrong: nan_to_num
import torch


def kl_divergence(p, q):
    return torch.nan_to_num(p * torch.log(p / q)).sum(-1).mean()
