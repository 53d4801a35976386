# wrong: keeps a running std
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    m = x.mean(0)
    s = torch.sqrt(x.var(0, unbiased=False) + eps)
    y = gamma * (x - m) / s + beta
    return y, (1 - momentum) * running_mean + momentum * m, (1 - momentum) * running_var + momentum * s
