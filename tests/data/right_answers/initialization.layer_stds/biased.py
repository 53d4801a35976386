# right: by hand, divided by n
import torch


def layer_stds(x, weights):
    out = []
    for w in weights:
        x = torch.maximum(x @ w.t(), torch.zeros((), dtype=x.dtype))
        out.append(float(torch.sqrt(((x - x.mean()) ** 2).mean())))
    return out
