# wrong: 0-d float64 betas promote a 0-d float32 parameter to float64
import torch


def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    b1 = torch.tensor(beta1, dtype=torch.float64)
    b2 = torch.tensor(beta2, dtype=torch.float64)
    m = b1 * m + (1 - b1) * grad
    v = b2 * v + (1 - b2) * grad**2
    m_hat = m / (1 - b1**t)
    v_hat = v / (1 - b2**t)
    return param - lr * m_hat / (torch.sqrt(v_hat) + eps), m, v
