"""The forward pass by torch's linear: what is asked for here is the way back."""

import torch
import torch.nn.functional as F


def two_layer_backward(x, y, w1, b1, w2, b2):
    z1 = F.linear(x, w1, b1)
    h = torch.relu(z1)
    z2 = F.linear(h, w2, b2)
    loss = (torch.logaddexp(z2, torch.zeros_like(z2)) - y * z2).mean()
    d2 = (torch.sigmoid(z2) - y) / y.shape[0]
    d1 = (d2 @ w2) * (z1 > 0)
    return loss, dict(w1=d1.T @ x, b1=d1.sum(0), w2=d2.T @ h, b2=d2.sum(0))
