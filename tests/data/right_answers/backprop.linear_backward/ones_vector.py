# right: the bias gradient as ones @ grad_out
import torch


def linear_backward(grad_out, x, weight):
    ones = torch.ones(grad_out.shape[0], dtype=grad_out.dtype, device=grad_out.device)
    grad_bias = ones @ grad_out
    grad_weight = grad_out.permute(1, 0) @ x
    grad_x = grad_out @ weight
    return (grad_x, grad_weight, grad_bias)
