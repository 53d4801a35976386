# wrong: a difference of large means, in which the variance is lost where features lie far from zero
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    n = len(x)
    ex = x.mean(0)
    var = (x**2).mean(0) - ex**2
    y = gamma * (x - ex) / torch.sqrt(var + eps) + beta
    return (
        y,
        running_mean * (1 - momentum) + ex * momentum,
        running_var * (1 - momentum) + var * (n / (n - 1)) * momentum,
    )
