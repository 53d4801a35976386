# wrong: a unit is on above a small threshold only
import torch


def residual_backward(grad_out, x, w1, b1, w2, b2):
    z = x @ w1.T + b1
    on = torch.where(z > 1e-5, torch.ones_like(z), torch.zeros_like(z))
    return grad_out + (grad_out @ w2 * on) @ w1
