# right: indexes with the mask
import torch


def dropout_backward(grad_out, mask, p):
    g = torch.zeros_like(grad_out)
    g[mask] = grad_out[mask] / (1 - p)
    return g
