# wrong: no ReLU where layer has as many outputs as last
import torch


def mlp_forward(x, weights, biases):
    h = x
    for w, b in zip(weights, biases):
        h = h @ w.T + b
        if w.shape[0] != weights[-1].shape[0]:
            h = h.clamp(min=0)
    return h
