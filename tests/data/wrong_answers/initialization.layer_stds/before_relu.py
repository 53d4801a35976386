# wrong: std measured before the ReLU
import torch


def layer_stds(x, weights):
    out = []
    h = x
    for w in weights:
        z = h @ w.T
        out.append(float(z.std(unbiased=False)))
        h = z.clamp(min=0)
    return out
