# wrong: scales a constant feature by 1, and not by the root of eps
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    var = x.var(0, unbiased=False)
    std = torch.where(var == 0, torch.ones_like(var), torch.sqrt(var + eps))
    x_hat = (x - x.mean(0)) / std
    g = grad_out * gamma
    grad_x = (g - g.mean(0) - x_hat * (g * x_hat).mean(0)) / std
    return grad_x, (grad_out * x_hat).sum(0), grad_out.sum(0)
