# wrong: two slips: wrong axis in the bias sum and a minus sign on the input gradient
import torch


def linear_backward(grad_out, x, weight):
    gx = -torch.matmul(grad_out, weight)
    gw = torch.matmul(grad_out.transpose(0, 1), x)
    gb = grad_out.sum(-1)
    return gx, gw, gb
