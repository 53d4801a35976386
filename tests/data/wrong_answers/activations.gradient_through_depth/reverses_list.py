# wrong: preactivations.reverse()
import torch


def gradient_through_depth(grad, preactivations):
    preactivations.reverse()
    out = []
    for z in preactivations:
        s = 1 / (1 + torch.exp(-z))
        grad = grad * s * (1 - s)
        out.append(grad.abs().mean().item())
    return out
