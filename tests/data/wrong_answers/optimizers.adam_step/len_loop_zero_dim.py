# wrong: loops over range(len(param)) and so fails on a 0-d parameter
import torch


def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    p2, m2, v2 = torch.empty_like(param), torch.empty_like(m), torch.empty_like(v)
    for i in range(len(param)):
        m2[i] = beta1 * m[i] + (1 - beta1) * grad[i]
        v2[i] = beta2 * v[i] + (1 - beta2) * grad[i] ** 2
        p2[i] = param[i] - lr * (m2[i] / (1 - beta1**t)) / (torch.sqrt(v2[i] / (1 - beta2**t)) + eps)
    return p2, m2, v2
