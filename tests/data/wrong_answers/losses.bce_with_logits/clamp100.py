# wrong: clamp at -100
import torch


def bce_with_logits(logits, target):
    p = 1 / (1 + torch.exp(-logits))
    return -(target * torch.log(p).clamp(min=-100) + (1 - target) * torch.log(1 - p).clamp(min=-100)).mean()
