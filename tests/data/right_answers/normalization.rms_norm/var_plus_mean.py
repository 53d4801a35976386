# right: mean square as variance plus squared mean
import torch


def rms_norm(x, gamma, eps=1e-6):
    v, m = torch.var_mean(x, dim=-1, unbiased=False, keepdim=True)
    return gamma * x / torch.sqrt(v + m**2 + eps)
