# wrong: decay convention and biased running variance
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    m, v = x.mean(0), x.var(0, unbiased=False)
    y = gamma * (x - m) / torch.sqrt(v + eps) + beta
    return y, momentum * running_mean + (1 - momentum) * m, momentum * running_var + (1 - momentum) * v
