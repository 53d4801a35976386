# wrong: inplace drift
import torch


def numerical_gradient(f, x, h=1e-5):
    g = torch.zeros_like(x)
    xf = x.view(-1)
    gf = g.view(-1)
    for i in range(x.numel()):
        xf[i] += h
        a = f(x)
        xf[i] -= 2 * h
        b = f(x)
        xf[i] += h
        gf[i] = (a - b) / (2 * h)
    return g
