# wrong: applies the sigmoid again
import torch


def sigmoid_backward(grad_out, out):
    s = 1 / (1 + torch.exp(-out))
    return grad_out * s * (1 - s)
