# right: one rate in front of both, corrections moved into rate and root
import torch


def adamw_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8, weight_decay=0.01):
    m = torch.lerp(m, grad, 1 - beta1)
    v = v + (1 - beta2) * (grad * grad - v)
    root = v.sqrt() / (1 - beta2**t) ** 0.5 + eps
    return param - lr * (m / (1 - beta1**t) / root + weight_decay * param), m, v
