# wrong: running_var for running_mean
import torch


def batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_var) / torch.sqrt(running_mean.abs() + eps) + beta
