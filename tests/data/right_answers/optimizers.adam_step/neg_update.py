# right: adds a negative update
import torch


def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad.abs() ** 2
    delta = -lr * (m / (1 - beta1**t)) * torch.reciprocal(torch.sqrt(v / (1 - beta2**t)) + eps)
    return param + delta, m, v
