# wrong: the first sample's gate for all
import torch


def residual_backward(grad_out, x, w1, b1, w2, b2):
    z = x @ w1.T + b1
    return grad_out + ((grad_out @ w2) * (z[0] > 0)) @ w1
