import torch


def numerical_gradient(f, x, h=1e-5):
    out = []
    for i in range(x.numel()):
        e = torch.zeros(x.numel(), dtype=x.dtype, device=x.device)
        e[i] = h
        e = e.reshape(x.shape)
        up, dn = x + e, x - e
        out.append((f(up) - f(dn)) / (up - dn).sum())
    return torch.stack(out).reshape_as(x)
