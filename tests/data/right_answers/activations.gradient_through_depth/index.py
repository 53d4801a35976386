# right: indices, stable slope, sum over numel
import torch


def gradient_through_depth(grad, preactivations):
    sizes = []
    g = grad.clone()
    for l in range(len(preactivations) - 1, -1, -1):
        e = torch.exp(-preactivations[l].abs())
        g *= e / (1 + e) ** 2
        sizes.append((torch.sum(torch.abs(g)) / g.numel()).item())
    return sizes
