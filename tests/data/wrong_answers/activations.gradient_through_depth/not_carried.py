# wrong: grad not updated
import torch


def gradient_through_depth(grad, preactivations):
    out = []
    for z in reversed(preactivations):
        s = 1 / (1 + torch.exp(-z))
        out.append((grad * s * (1 - s)).abs().mean().item())
    return out
