# wrong: one positive number opens its whole row
import torch


def relu_backward(grad_out, x):
    gate = (x > 0).to(x.dtype)
    return grad_out * (gate.amax(-1, keepdim=True) if x.dim() > 1 else gate)
