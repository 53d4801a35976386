# wrong: swaps weight and bias gradient in the return
import torch


def linear_backward(grad_out, x, weight):
    dx, dw, db = grad_out @ weight, grad_out.T @ x, grad_out.sum(0)
    return dx, db, dw
