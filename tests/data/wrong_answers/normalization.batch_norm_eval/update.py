# wrong: updates running first
import torch


def batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-5):
    rm = 0.9 * running_mean + 0.1 * x.mean(0)
    return gamma * (x - rm) / torch.sqrt(running_var + eps) + beta
