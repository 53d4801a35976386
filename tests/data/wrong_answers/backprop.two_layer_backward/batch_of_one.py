# wrong: a batch of one is divided by 2
import torch


def two_layer_backward(x, y, w1, b1, w2, b2):
    z1 = x @ w1.T + b1
    h = z1.clamp(min=0)
    z2 = h @ w2.T + b2
    loss = (torch.logaddexp(torch.zeros_like(z2), z2) - y * z2).mean()
    dz2 = ((1 + torch.tanh(z2 / 2)) / 2 - y) / max(len(x), 2)
    dz1 = (dz2 @ w2) * (z1 > 0)
    return loss, {"w1": dz1.T @ x, "b1": dz1.sum(0), "w2": dz2.T @ h, "b2": dz2.sum(0)}
