# right: the root with torch.pow and the powers through math.exp and math.log, with beta = 0 taken apart
import math

import torch


def beta_to_the_t(beta, t):
    if beta <= 0:
        return 0.0
    return math.exp(t * math.log(beta))


def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m_t = beta1 * m + (1 - beta1) * grad
    v_t = beta2 * v + (1 - beta2) * torch.pow(grad, 2)
    root = torch.pow(v_t / (1 - beta2_power(beta2, t)), 0.5)
    return param - lr * (m_t / (1 - beta_to_the_t(beta1, t))) / (root + eps), m_t, v_t


def beta2_power(beta2, t):
    return beta_to_the_t(beta2, t)
