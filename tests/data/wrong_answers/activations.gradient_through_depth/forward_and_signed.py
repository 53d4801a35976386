# wrong: two mistakes
import torch


def gradient_through_depth(grad, preactivations):
    out = []
    for z in preactivations:
        s = 1 / (1 + torch.exp(-z))
        grad = grad * s * (1 - s)
        out.append(grad.mean().item())
    return out
