# wrong: forgets to sum the per-sample outer products: (N, out, D)
import torch


def linear_backward(grad_out, x, weight):
    grad_weight = torch.einsum("no,nd->nod", grad_out, x)
    return grad_out @ weight, grad_weight, grad_out.sum(0)
