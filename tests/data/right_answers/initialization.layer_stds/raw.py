# right: E[x^2] - E[x]^2
import torch


def layer_stds(x, weights):
    res = []
    for w in weights:
        z = x @ w.transpose(0, 1)
        x = z * (z > 0)
        res.append(((x * x).mean() - x.mean() ** 2).clamp(min=0).sqrt().item())
    return res
