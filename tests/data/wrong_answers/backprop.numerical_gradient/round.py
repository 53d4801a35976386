# wrong: round
import torch


def numerical_gradient(f, x, h=1e-5):
    g = torch.zeros_like(x)
    flat = g.view(-1)
    for i in range(x.numel()):
        a = x.clone().view(-1)
        b = x.clone().view(-1)
        a[i] += h
        b[i] -= h
        flat[i] = round(((f(a.view(x.shape)) - f(b.view(x.shape))) / (2 * h)).item(), 4)
    return g
