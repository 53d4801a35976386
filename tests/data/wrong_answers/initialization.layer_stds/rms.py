# wrong: root mean square
import torch


def layer_stds(x, weights):
    out = []
    for w in weights:
        x = (x @ w.T).clamp(min=0)
        out.append(x.pow(2).mean().sqrt().item())
    return out
