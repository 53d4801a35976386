# wrong: adds eps to var first and reuses it
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    m = x.mean(0)
    v = x.var(0, unbiased=False) + eps
    n = x.shape[0]
    y = gamma * (x - m) / torch.sqrt(v) + beta
    return y, (1 - momentum) * running_mean + momentum * m, (1 - momentum) * running_var + momentum * v * n / (n - 1)
