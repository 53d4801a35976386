# right: two passes
import torch


def layer_stds(x, weights):
    hs = [x]
    for w in weights:
        hs.append((hs[-1] @ w.T).clamp_min(0))
    return [h.std(unbiased=True).tolist() for h in hs[1:]]
