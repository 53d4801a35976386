# wrong: flattens with view, which fails on a transposed input
import torch


def linear_backward(grad_out, x, weight):
    N, D = x.shape
    flat = x.view(N * D)
    xs = flat.view(N, D)
    return grad_out @ weight, grad_out.T @ xs, grad_out.sum(0)
