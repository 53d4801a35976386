# wrong: uses * for the matrix product in the input gradient
import torch


def linear_backward(grad_out, x, weight):
    grad_x = grad_out * weight
    grad_weight = torch.matmul(grad_out.T, x)
    grad_bias = torch.sum(grad_out, dim=0)
    return grad_x, grad_weight, grad_bias
