# wrong: only matrices with half
import torch


def l2_penalty(weights, strength):
    return 0.5 * strength * sum((w**2).sum() for w in weights if w.dim() > 1)
