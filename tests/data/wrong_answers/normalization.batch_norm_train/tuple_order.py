# wrong: var before mean in the returned tuple
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    v, m = torch.var_mean(x, dim=0, unbiased=False)
    y = gamma * (x - m) / torch.sqrt(v + eps) + beta
    n = len(x)
    return y, (1 - momentum) * running_var + momentum * v * n / (n - 1), (1 - momentum) * running_mean + momentum * m
