# wrong: divides grad_out by N in place at the start
import torch


def linear_backward(grad_out, x, weight):
    grad_out /= grad_out.shape[0]
    return grad_out @ weight, sum(torch.outer(g, r) for g, r in zip(grad_out, x)), grad_out.sum(0)
