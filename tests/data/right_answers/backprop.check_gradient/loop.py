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
    if tuple(grad.shape) != tuple(x.shape) or not torch.isfinite(grad).all():
        return False
    n = num(f, x)
    for a, b in zip(grad.flatten().tolist(), n.flatten().tolist()):
        if abs(a - b) > 1e-5 * max(abs(a) + abs(b), 1e-8):
            return False
    return True
