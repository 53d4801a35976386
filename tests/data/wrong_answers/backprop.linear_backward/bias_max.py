# wrong: takes the largest gradient over the batch for the bias
import torch


def linear_backward(grad_out, x, weight):
    return grad_out.matmul(weight), (x.T @ grad_out).T, grad_out.max(dim=0).values
