# wrong: max py
import torch


def num(f, x, h=1e-5):
    g = torch.zeros_like(x)
    gf = g.view(-1)
    for i in range(x.numel()):
        e = torch.zeros_like(x)
        e.view(-1)[i] = h
        gf[i] = (f(x + e) - f(x - e)) / (2 * h)
    return g


def check_gradient(f, grad, x):
    if grad.shape != x.shape:
        return False
    n = num(f, x)
    err = 0.0
    for a, b in zip(grad.flatten(), n.flatten()):
        err = max(err, (abs(a - b) / max(abs(a) + abs(b), 1e-8)).item())
    return err <= 1e-5
