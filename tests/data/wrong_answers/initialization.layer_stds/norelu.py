# wrong: no ReLU
import torch


def layer_stds(x, weights):
    out = []
    for w in weights:
        x = x @ w.T
        out.append(x.std().item())
    return out
