# wrong: default momentum 0.9
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.9, eps=1e-5):
    m = x.mean(0)
    y = gamma * (x - m) / (x.var(0, unbiased=False) + eps).sqrt() + beta
    return y, (1 - momentum) * running_mean + momentum * m, (1 - momentum) * running_var + momentum * x.var(0)
