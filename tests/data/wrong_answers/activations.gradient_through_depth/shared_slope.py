# wrong: uses the last layer's slope for all
import torch


def gradient_through_depth(grad, preactivations):
    s = 1 / (1 + torch.exp(-preactivations[-1]))
    out = []
    for _ in preactivations:
        grad = grad * s * (1 - s)
        out.append(grad.abs().mean().item())
    return out
