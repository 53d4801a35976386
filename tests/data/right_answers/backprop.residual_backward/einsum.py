# right: einsum
import torch


def residual_backward(grad_out, x, w1, b1, w2, b2):
    h = torch.einsum("nd,hd->nh", x, w1) + b1
    m = (h > 0).to(x.dtype)
    return grad_out + torch.einsum("no,oh,nh,hd->nd", grad_out, w2, m, w1)
