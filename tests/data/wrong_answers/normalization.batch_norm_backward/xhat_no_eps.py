# wrong: xhat without eps
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    n = x.shape[0]
    mu = x.mean(0)
    var = x.var(0, unbiased=False)
    std = torch.sqrt(var + eps)
    xhat = (x - mu) / torch.sqrt(var + 1e-12)
    dxhat = grad_out * gamma
    dx = (dxhat - dxhat.mean(0) - xhat * (dxhat * xhat).mean(0)) / std
    return dx, (grad_out * xhat).sum(0), grad_out.sum(0)
