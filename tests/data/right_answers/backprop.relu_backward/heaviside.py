# right: heaviside
import torch


def relu_backward(grad_out, x):
    return grad_out * torch.heaviside(x, torch.zeros_like(x))
