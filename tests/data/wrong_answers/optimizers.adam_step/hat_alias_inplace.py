# wrong: m_hat is only another name for m, so dividing it in place changes the state that is returned
import torch


def adam_step(param, grad, m, v, t, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    m_new = beta1 * m + (1 - beta1) * grad
    v_new = beta2 * v + (1 - beta2) * grad**2
    m_hat = m_new
    m_hat /= 1 - beta1**t
    v_hat = v_new / (1 - beta2**t)
    return param - lr * m_hat / (torch.sqrt(v_hat) + eps), m_new, v_new
