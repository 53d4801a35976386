# wrong: scale added
import torch


def dropout_backward(grad_out, mask, p):
    return grad_out * mask + 1 / (1 - p)
