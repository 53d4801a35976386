# wrong: no ReLU on the way back
import torch


def layer_grad_stds(grad, weights, preactivations):
    stds = []
    for w, z in zip(weights[::-1], preactivations[::-1]):
        grad = grad @ w
        stds.append(grad.std().item())
    return stds
