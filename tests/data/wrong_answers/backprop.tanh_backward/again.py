# wrong: tanh again
import torch


def tanh_backward(grad_out, out):
    return grad_out * (1 - torch.tanh(out) ** 2)
