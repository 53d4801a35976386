# wrong: logits as probabilities
import torch


def bce_with_logits(logits, target):
    return -(target * torch.log(logits) + (1 - target) * torch.log(1 - logits)).mean()
