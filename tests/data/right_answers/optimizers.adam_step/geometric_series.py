# right: the bias correction as (1 - beta) times the geometric series 1 + beta + beta^2 + ...
import torch


def weight_sum(beta, t):
    total = 0.0
    power = 1.0
    for _ in range(int(t)):
        total += (1 - beta) * power
        power *= beta
    return total


def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m = m + (1 - beta1) * (grad - m)
    v = v + (1 - beta2) * (grad.pow(2) - v)
    m_hat = m / weight_sum(beta1, t)
    v_hat = v / weight_sum(beta2, t)
    return param - lr * m_hat / (torch.sqrt(v_hat) + eps), m, v
