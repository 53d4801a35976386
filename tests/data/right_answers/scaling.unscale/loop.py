import torch


def unscale(grads, scale):
    out, found = [], False
    for g in grads:
        found = found or bool(torch.logical_not(torch.isfinite(g)).any())
        out.append(g * (1.0 / scale))
    return out, found
