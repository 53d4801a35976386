# wrong: divides the input gradient by the number of features
import torch


def linear_backward(grad_out, x, weight):
    N, D = x.shape
    return grad_out @ weight / D, grad_out.T @ x, grad_out.sum(0)
