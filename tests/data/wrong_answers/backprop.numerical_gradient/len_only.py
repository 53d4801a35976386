# wrong: len only
import torch


def numerical_gradient(f, x, h=1e-5):
    g = torch.zeros_like(x)
    for i in range(len(x)):
        a = x.clone()
        b = x.clone()
        a[i] += h
        b[i] -= h
        g[i] = (f(a) - f(b)) / (2 * h)
    return g
