# right: torch.square
import torch


def tanh_backward(grad_out, out):
    return (1.0 - torch.square(out)) * grad_out
