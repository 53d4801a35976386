# wrong: adds up ones over the batch: every bias gets N
import torch


def linear_backward(grad_out, x, weight):
    grad_bias = torch.full((weight.shape[0],), float(x.shape[0]), dtype=x.dtype)
    return grad_out.mm(weight), grad_out.t().mm(x), grad_bias
