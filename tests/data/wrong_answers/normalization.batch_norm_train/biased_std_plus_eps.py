# wrong: eps outside with the biased std
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    m, s = x.mean(0), x.std(0, unbiased=False)
    y = gamma * (x - m) / (s + eps) + beta
    return y, (1 - momentum) * running_mean + momentum * m, (1 - momentum) * running_var + momentum * x.var(0)
