# wrong: quotient rule
import torch


def gradient_through_depth(grad, preactivations):
    out = []
    for z in reversed(preactivations):
        e = torch.exp(-z)
        grad = grad * e / (1 + e) ** 2
        out.append(grad.abs().mean().item())
    return out
