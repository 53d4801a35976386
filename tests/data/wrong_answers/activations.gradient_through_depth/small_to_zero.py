# wrong: a gradient below 1e-6 is reported as 0
import torch


def gradient_through_depth(grad, preactivations):
    out = []
    for z in reversed(preactivations):
        s = 1 / (1 + torch.exp(-z))
        grad = grad * s * (1 - s)
        m = grad.abs().mean().item()
        out.append(m if m > 1e-6 else 0.0)
    return out
