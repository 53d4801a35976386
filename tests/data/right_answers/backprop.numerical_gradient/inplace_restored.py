import itertools
import torch


def numerical_gradient(f, x, h=1e-5):
    g = torch.zeros_like(x)
    with torch.no_grad():
        for idx in itertools.product(*[range(s) for s in x.shape]):
            old = x[idx].item()
            x[idx] = old + h
            up = f(x)
            x[idx] = old - h
            down = f(x)
            x[idx] = old
            g[idx] = (up - down) / (2 * h)
    return g
