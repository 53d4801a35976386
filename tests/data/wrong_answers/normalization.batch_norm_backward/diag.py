# wrong: the diagonal of the Jacobian
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    n = x.shape[0]
    mu = x.mean(0)
    var = x.var(0, unbiased=False)
    std = torch.sqrt(var + eps)
    xhat = (x - mu) / std
    dxhat = grad_out * gamma
    dx = (1 - 1 / n) / std * dxhat - xhat**2 / n / std * dxhat
    return dx, (grad_out * xhat).sum(0), grad_out.sum(0)
