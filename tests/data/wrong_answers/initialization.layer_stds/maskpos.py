# wrong: positive entries only
import torch


def layer_stds(x, weights):
    out = []
    for w in weights:
        x = (x @ w.T).clamp(min=0)
        out.append(x[x > 0].std().item())
    return out
