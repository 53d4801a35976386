# right: two branches
import torch


def bce_with_logits(logits, target):
    z = logits
    safe = torch.exp(-z.abs())
    log_s = torch.where(z >= 0, -torch.log1p(safe), z - torch.log1p(safe))
    return -(target * log_s + (1 - target) * (log_s - z)).mean()
