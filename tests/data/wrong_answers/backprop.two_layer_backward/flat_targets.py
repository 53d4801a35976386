# wrong: y is squeezed and broadcasts against (N, 1) in the loss
import torch


def two_layer_backward(x, y, w1, b1, w2, b2):
    n = x.shape[0]
    z1 = x @ w1.T + b1
    h = z1.clamp(min=0)
    z2 = h @ w2.T + b2
    p = 1 / (1 + torch.exp(-z2))
    yy = y.squeeze(1)
    loss = (torch.clamp(z2, min=0) - z2 * yy + torch.log1p(torch.exp(-z2.abs()))).mean()
    dz2 = (p - y) / n
    dz1 = (dz2 @ w2) * (z1 > 0)
    return loss, {"w1": dz1.T @ x, "b1": dz1.sum(0), "w2": dz2.T @ h, "b2": dz2.sum(0)}
