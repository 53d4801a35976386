# right: where on sign, strength inside the loop
import torch


def l1_penalty(weights, strength):
    penalty = weights[0].new_zeros(())
    for w in weights:
        penalty = penalty + strength * torch.where(w >= 0, w, -w).sum()
    return penalty
