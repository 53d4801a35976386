# right: addmm onto zeros, accumulating over the batch rows
import torch


def linear_backward(grad_out, x, weight):
    gw = weight.new_zeros(weight.shape)
    gb = weight.new_zeros(weight.shape[0])
    for i in range(x.size(0)):
        gw = torch.addmm(gw, grad_out[i : i + 1].T, x[i : i + 1])
        gb = torch.add(gb, grad_out[i])
    gx = torch.addmm(x.new_zeros(x.shape), grad_out, weight)
    return gx, gw, gb
