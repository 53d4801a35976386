# right: matrix-vector products column by column
import torch


def linear_backward(grad_out, x, weight):
    grad_x = torch.stack([torch.mv(grad_out, weight[:, d]) for d in range(x.shape[1])], dim=1)
    grad_weight = torch.stack([torch.mv(grad_out.t(), x[:, d]) for d in range(x.shape[1])], dim=-1)
    grad_bias = grad_out.cumsum(0)[-1]
    return grad_x, grad_weight, grad_bias
