# wrong: in place square
import torch


def l2_penalty(weights, strength):
    return strength * sum(w.pow_(2).sum() for w in weights)
