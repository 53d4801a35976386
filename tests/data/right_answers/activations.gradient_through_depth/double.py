# right: float64 inside
import torch


def gradient_through_depth(grad, preactivations):
    g = grad.double()
    result = []
    for z in reversed(preactivations):
        t = torch.tanh(z.double() / 2)
        g = g * (1 - t * t) / 4
        result.append(g.abs().mean().item())
    return result
