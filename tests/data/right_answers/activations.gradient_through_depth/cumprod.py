# right: cumulative product of the slopes
import torch


def gradient_through_depth(grad, preactivations):
    z = torch.stack(list(reversed(preactivations)))
    slopes = 0.25 / torch.cosh(z / 2) ** 2
    g = torch.cumprod(slopes, dim=0) * grad
    return g.abs().flatten(1).mean(1).tolist()
