# wrong: blends the running mean into y with momentum
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    m, v = x.mean(0), x.var(0, unbiased=False)
    rm = (1 - momentum) * running_mean + momentum * m
    rv = (1 - momentum) * running_var + momentum * x.var(0)
    y = gamma * (x - rm) / torch.sqrt(v + eps) + beta
    return y, rm, rv
