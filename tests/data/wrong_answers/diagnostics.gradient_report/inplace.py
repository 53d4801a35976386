# wrong: writes absolute values into the gradients
import math, torch


def gradient_report(grads, low=1e-6, high=1e3):
    r = {}
    for n, g in grads.items():
        m = g.abs_().mean().item()
        r[n] = (m, "exploding" if not m <= high else "vanishing" if m < low else "healthy")
    return r
