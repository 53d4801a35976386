# right: accumulate
import torch


from itertools import accumulate


def gradient_through_depth(grad, preactivations):
    def slope(z):
        s = 1 / (1 + torch.exp(-z))
        return s - s * s

    grads = accumulate([grad] + [slope(z) for z in reversed(preactivations)], torch.mul)
    return [g.abs().mean().item() for g in grads][1:]
