# wrong: accumulates the bias gradient in grad_out[0], a view of the input
import torch


def linear_backward(grad_out, x, weight):
    grad_x = grad_out @ weight
    grad_weight = grad_out.T @ x
    grad_bias = grad_out[0]
    for i in range(1, len(grad_out)):
        grad_bias += grad_out[i]
    return grad_x, grad_weight, grad_bias
