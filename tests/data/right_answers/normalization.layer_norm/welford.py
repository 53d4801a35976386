# right: Welford's running update over features
import torch


def layer_norm(x, gamma, beta, eps=1e-5):
    mean = torch.zeros_like(x[..., :1])
    m2 = torch.zeros_like(x[..., :1])
    for k in range(x.shape[-1]):
        v = x[..., k : k + 1]
        d = v - mean
        mean = mean + d / (k + 1)
        m2 = m2 + d * (v - mean)
    return (x - mean) / torch.sqrt(m2 / x.shape[-1] + eps) * gamma + beta
