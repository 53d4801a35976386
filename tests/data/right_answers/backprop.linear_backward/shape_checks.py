# right: asserts the shapes first, mean times N for the bias
import torch


def linear_backward(grad_out, x, weight):
    N, D = x.shape
    assert grad_out.shape == (N, weight.shape[0])
    assert weight.shape[1] == D
    dLdx = grad_out.mm(weight)
    dLdW = x.t().mm(grad_out).t()
    dLdb = grad_out.mean(dim=0) * N
    return dLdx, dLdW, dLdb
