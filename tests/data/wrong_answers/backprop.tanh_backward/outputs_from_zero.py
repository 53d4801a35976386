# wrong: treats the output as a number from 0 to 1
import torch


def tanh_backward(grad_out, out):
    o = out.clamp(0, 1)
    return grad_out * (1 - o**2)
