# wrong: missing parenthesis around the difference
import torch


def batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * x - running_mean / torch.sqrt(running_var + eps) + beta
