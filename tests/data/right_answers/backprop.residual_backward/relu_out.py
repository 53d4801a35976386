# right: mask from the relu output
import torch


def residual_backward(grad_out, x, w1, b1, w2, b2):
    h = (x @ w1.T + b1).clamp(min=0)
    g = grad_out.matmul(w2)
    g[h == 0] = 0
    return torch.add(g.matmul(w1), grad_out)
