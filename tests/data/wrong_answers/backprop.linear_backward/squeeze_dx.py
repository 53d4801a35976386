# wrong: squeezes the helper dimension without naming it: a batch of one loses its batch axis
import torch


def linear_backward(grad_out, x, weight):
    grad_x = (grad_out[:, None, :] @ weight).squeeze()
    return grad_x, grad_out.T @ x, grad_out.sum(0)
