# right: torch.inner on the transposes
import torch


def linear_backward(grad_out, x, weight):
    grad_x = torch.inner(grad_out, weight.mT)
    grad_weight = torch.inner(grad_out.mT, x.mT)
    grad_bias = torch.add(torch.zeros_like(grad_out[0]), grad_out.sum(0))
    return grad_x, grad_weight, grad_bias
