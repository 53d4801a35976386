# wrong: log1p(exp(z))
import torch


def bce_with_logits(logits, target):
    return (torch.log1p(torch.exp(logits)) - target * logits).mean()
