# right: fused operations, all out of place
import torch


def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m1 = torch.add(m * beta1, grad, alpha=1 - beta1)
    v1 = torch.addcmul(v * beta2, grad, grad, value=1 - beta2)
    bc1 = 1 - beta1**t
    bc2 = 1 - beta2**t
    denom = v1.div(bc2).sqrt().add(eps)
    return torch.addcdiv(param, m1, denom, value=-lr / bc1), m1, v1
