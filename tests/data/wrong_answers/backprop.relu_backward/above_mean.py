# wrong: compared with the mean of x
import torch


def relu_backward(grad_out, x):
    return torch.where(x > x.mean(), grad_out, torch.zeros_like(grad_out))
