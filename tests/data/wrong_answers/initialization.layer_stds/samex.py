# wrong: forgets to carry on
import torch


def layer_stds(x, weights):
    out = []
    for w in weights:
        h = (x @ w.T).clamp(min=0)
        out.append(h.std().item())
    return out
