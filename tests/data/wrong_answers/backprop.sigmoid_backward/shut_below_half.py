# wrong: no gradient below 0.5
import torch


def sigmoid_backward(grad_out, out):
    return torch.where(out > 0.5, grad_out * out * (1 - out), torch.zeros_like(out))
