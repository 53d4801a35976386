# right: reversed loop
import torch


def gradient_through_depth(grad, preactivations):
    out = []
    for z in preactivations[::-1]:
        s = 1 / (1 + torch.exp(-z))
        grad = grad * s * (1 - s)
        out.append(float(grad.abs().mean()))
    return out
