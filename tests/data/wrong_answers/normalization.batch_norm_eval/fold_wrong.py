# wrong: folded: shift forgets the scale
import torch


def batch_norm_eval(x, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / (running_var + eps).sqrt()
    return x * scale + (beta - running_mean)
