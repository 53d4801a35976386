# wrong: the loop over samples ends at the number of outputs
import torch


def linear_backward(grad_out, x, weight):
    gw = torch.zeros_like(weight)
    for n in range(min(weight.shape[0], x.shape[0])):
        gw = gw + torch.outer(grad_out[n], x[n])
    return grad_out @ weight, gw, grad_out.sum(0)
