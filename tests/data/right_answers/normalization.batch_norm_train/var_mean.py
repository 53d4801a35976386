# right: torch.var_mean with unbiased False, correction by n/(n-1)
import torch


def batch_norm_train(x, gamma, beta, running_mean, running_var, momentum=0.1, eps=1e-5):
    var, mean = torch.var_mean(x, dim=0, unbiased=False)
    n = x.shape[0]
    out = (x - mean) * torch.rsqrt(var + eps) * gamma + beta
    rm = running_mean + momentum * (mean - running_mean)
    rv = running_var + momentum * (var * n / (n - 1) - running_var)
    return out, rm, rv
