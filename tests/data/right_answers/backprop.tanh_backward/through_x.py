# right: x is recovered, infinite at the ends, where 1 / cosh is 0
import torch


def tanh_backward(grad_out, out):
    x = 0.5 * torch.log((1 + out) / (1 - out))
    return grad_out / torch.cosh(x) ** 2
