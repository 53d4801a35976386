"""What the catalogue of the unit neurons computes in loops."""

import torch


def through(h, weights, biases, layer):
    """What comes out of layers in a row."""
    for weight, bias in zip(weights, biases, strict=True):
        h = layer(h, weight, bias)
    return h


def one_after_the_other(x, y):
    """Each column fitted to what those before it left over."""
    weights = []
    for column in x.T:
        weights.append(column @ y / (column @ column))
        y = y - weights[-1] * column
    return torch.stack(weights)
