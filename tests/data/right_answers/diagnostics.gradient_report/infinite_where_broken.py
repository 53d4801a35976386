# right: infinite size where broken
import math, torch


def gradient_report(grads, low=1e-6, high=1e3):
    r = dict()
    for n in grads:
        g = grads[n]
        if not torch.isfinite(g).all():
            r[n] = (float("inf"), "exploding")
            continue
        m = (g.abs().sum() / g.numel()).item()
        r[n] = (m, "vanishing" if m <= low else ("exploding" if m >= high else "healthy"))
    return r
