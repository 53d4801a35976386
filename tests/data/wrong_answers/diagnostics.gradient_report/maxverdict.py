# wrong: the verdict looks at the largest entry
import math, torch


def gradient_report(grads, low=1e-6, high=1e3):
    r = {}
    for n, g in grads.items():
        m = g.abs().mean().item()
        if not torch.isfinite(g).all() or g.abs().max() > high:
            v = "exploding"
        elif g.abs().max() < low:
            v = "vanishing"
        else:
            v = "healthy"
        r[n] = (m, v)
    return r
