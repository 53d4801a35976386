# wrong: the mean correction uses grad_out without gamma
import torch


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    m, s = x.mean(0), (x.var(0, unbiased=False) + eps).sqrt()
    xh = (x - m) / s
    g = grad_out * gamma
    return (g - grad_out.mean(0) - xh * (g * xh).mean(0)) / s, (grad_out * xh).sum(0), grad_out.sum(0)
