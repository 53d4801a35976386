# wrong: tensors in the list
import torch


def layer_stds(x, weights):
    out = []
    for w in weights:
        x = (x @ w.T).clamp(min=0)
        out.append(x.std())
    return out
