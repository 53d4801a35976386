import numpy as np
import torch


def numerical_gradient(f, x, h=1e-5):
    g = torch.zeros_like(x)
    for idx in np.ndindex(*x.shape):
        p = x.clone()
        p[idx] += h
        m = x.clone()
        m[idx] -= h
        g[idx] = (f(p).item() - f(m).item()) / (2 * h)
    return g
