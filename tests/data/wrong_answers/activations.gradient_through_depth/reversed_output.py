# wrong: list turned round
import torch


def gradient_through_depth(grad, preactivations):
    out = []
    for z in reversed(preactivations):
        s = 1 / (1 + torch.exp(-z))
        grad = grad * s * (1 - s)
        out.insert(0, grad.abs().mean().item())
    return out
