# wrong: training formula
import torch


def batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-5):
    m, v = x.mean(0), x.var(0, unbiased=False)
    return gamma * (x - m) / torch.sqrt(v + eps) + beta
