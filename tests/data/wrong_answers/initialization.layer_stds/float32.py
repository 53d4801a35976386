# wrong: float32 inside
import torch


def layer_stds(x, weights):
    out = []
    h = x.float()
    for w in weights:
        h = (h @ w.float().T).clamp(min=0)
        out.append(h.std().item())
    return out
