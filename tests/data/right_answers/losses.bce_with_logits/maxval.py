# right: torch docs' older formula
import torch


def bce_with_logits(logits, target):
    max_val = (-logits).clamp(min=0)
    loss = (1 - target) * logits + max_val + ((-max_val).exp() + (-logits - max_val).exp()).log()
    return loss.mean()
