# wrong: reads .data
import torch


def l1_penalty(weights, strength):
    return strength * sum(w.data.abs().sum() for w in weights)
