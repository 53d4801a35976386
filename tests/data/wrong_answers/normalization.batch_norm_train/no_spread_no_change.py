# wrong: a feature that is the same in all samples is left as it is
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    mean, var, n = x.mean(0), x.var(0, correction=0), len(x)
    y = torch.where(var > 0, gamma * (x - mean) / torch.sqrt(var + eps) + beta, x)
    new_mean = (1 - momentum) * running_mean + momentum * mean
    return y, new_mean, (1 - momentum) * running_var + momentum * var * n / (n - 1)
