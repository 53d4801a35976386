# right: works in place, but on clones of its own
import torch


@torch.no_grad()
def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    param, m, v = param.clone(), m.clone(), v.clone()
    m.mul_(beta1).add_(grad, alpha=1 - beta1)
    v.mul_(beta2).addcmul_(grad, grad, value=1 - beta2)
    denom = (v / (1 - beta2**t)).sqrt_().add_(eps)
    param.sub_(lr * (m / (1 - beta1**t)) / denom)
    return param, m, v
