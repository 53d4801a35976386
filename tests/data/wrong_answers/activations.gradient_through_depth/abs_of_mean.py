# wrong: mean first
import torch


def gradient_through_depth(grad, preactivations):
    out = []
    for z in reversed(preactivations):
        s = 1 / (1 + torch.exp(-z))
        grad = grad * s * (1 - s)
        out.append(abs(grad.mean().item()))
    return out
