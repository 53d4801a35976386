# wrong: mean of the neurons' stds
import torch


def layer_stds(x, weights):
    out = []
    for w in weights:
        x = (x @ w.T).clamp(min=0)
        out.append(x.std(dim=0).mean().item())
    return out
