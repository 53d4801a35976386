# wrong: std over all layers' outputs so far
import torch


def layer_stds(x, weights):
    out = []
    seen = []
    h = x
    for w in weights:
        h = (h @ w.T).clamp(min=0)
        seen.append(h.flatten())
        out.append(torch.cat(seen).std(unbiased=False).item())
    return out
