# wrong: averages the weight gradient only
import torch


def linear_backward(grad_out, x, weight):
    grad_weight = torch.einsum("no,nd->od", grad_out, x) / len(x)
    return torch.einsum("no,od->nd", grad_out, weight), grad_weight, grad_out.sum(0)
