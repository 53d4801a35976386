# wrong: power -0.5 in place of -1.5
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    n = x.shape[0]
    mu = x.mean(0)
    var = x.var(0, unbiased=False)
    std = torch.sqrt(var + eps)
    xhat = (x - mu) / std
    dxhat = grad_out * gamma
    dvar = (dxhat * (x - mu) * -0.5 * (var + eps) ** -0.5).sum(0)
    dmu = (-dxhat / std).sum(0)
    dx = dxhat / std + dvar * 2 * (x - mu) / n + dmu / n
    return dx, (grad_out * xhat).sum(0), grad_out.sum(0)
