# right: logaddexp of both signs
import torch


def bce_with_logits(logits, target):
    zero = torch.zeros_like(logits)
    pos = torch.logaddexp(zero, -logits)
    neg = torch.logaddexp(zero, logits)
    return torch.mean(target * pos + (1 - target) * neg)
