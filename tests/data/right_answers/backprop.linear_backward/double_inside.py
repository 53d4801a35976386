# right: computes in float64 and casts back
import torch


def linear_backward(grad_out, x, weight):
    g, a, w = (t.to(torch.float64) for t in (grad_out, x, weight))
    grads = g @ w, g.T @ a, g.sum(0)
    return tuple(t.to(x.dtype) for t in grads)
