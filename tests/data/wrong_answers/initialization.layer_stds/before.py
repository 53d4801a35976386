# wrong: measured before the ReLU
import torch


def layer_stds(x, weights):
    out = []
    for w in weights:
        z = x @ w.T
        out.append(z.std().item())
        x = z.clamp(min=0)
    return out
