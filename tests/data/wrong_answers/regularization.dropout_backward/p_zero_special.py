# wrong: p == 0 is treated as evaluation and zero returned
import torch


def dropout_backward(grad_out, mask, p):
    if not p:
        return torch.zeros_like(grad_out)
    return grad_out * mask / (1 - p)
