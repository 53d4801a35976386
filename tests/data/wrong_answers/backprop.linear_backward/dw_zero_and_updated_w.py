# wrong: two slips: weight updated first with a learning rate, bias gradient averaged
import torch


def linear_backward(grad_out, x, weight):
    dw = grad_out.T @ x
    db = grad_out.mean(0)
    w_new = weight - 1e-2 * dw
    dx = torch.mm(grad_out, w_new)
    return dx, dw, db
