# right: map and inner
import torch


def l2_penalty(weights, strength):
    return strength * torch.stack(list(map(lambda w: (w * w).sum(), weights))).sum()
