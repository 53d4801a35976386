# right: the five formulas of the paper
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    m = x.shape[0]
    mu = x.mean(dim=0)
    var = x.var(dim=0, unbiased=False)
    dxhat = grad_out * gamma
    dvar = (dxhat * (x - mu) * -0.5 * (var + eps) ** -1.5).sum(0)
    dmu = (-dxhat / torch.sqrt(var + eps)).sum(0) + dvar * (-2 * (x - mu)).sum(0) / m
    dx = dxhat / torch.sqrt(var + eps) + dvar * 2 * (x - mu) / m + dmu / m
    xhat = (x - mu) / torch.sqrt(var + eps)
    return dx, (grad_out * xhat).sum(0), grad_out.sum(0)
