# wrong: written for at most two layers
import torch


def mlp_forward(x, weights, biases):
    if len(weights) == 1:
        return x @ weights[0].T + biases[0]
    h = (x @ weights[0].T + biases[0]).clamp(min=0)
    return h @ weights[1].T + biases[1]
