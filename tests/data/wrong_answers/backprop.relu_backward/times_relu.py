# wrong: times relu(x)
import torch


def relu_backward(grad_out, x):
    return grad_out * torch.clamp(x, min=0)
