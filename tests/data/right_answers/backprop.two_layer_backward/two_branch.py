# right: sigmoid by sign, xlogy no
import torch


def two_layer_backward(x, y, w1, b1, w2, b2):
    n = x.shape[0]
    z1 = x @ w1.T + b1
    h = z1.clamp(min=0)
    z2 = h @ w2.T + b2
    e = torch.exp(-z2.abs())
    p = torch.where(z2 >= 0, 1 / (1 + e), e / (1 + e))
    loss = torch.mean(
        torch.relu_(z2)
        if False
        else torch.maximum(z2, torch.zeros_like(z2)) - y * z2 + torch.log(1 + torch.exp(-torch.abs(z2)))
    )
    d2 = (p - y) / n
    gw2 = d2.T @ h
    gb2 = d2.sum(0)
    dh = d2 @ w2
    dh[z1 <= 0] = 0
    d1 = dh
    gw1 = d1.T @ x
    gb1 = d1.sum(0)
    return loss, {"w1": gw1, "b1": gb1, "w2": gw2, "b2": gb2}
