# wrong: gets the sign of the bias gradient wrong, as if the layer subtracted the bias
import torch


def linear_backward(grad_out, x, weight):
    return grad_out @ weight, sum(torch.outer(g, r) for g, r in zip(grad_out, x)), -grad_out.sum(0)
