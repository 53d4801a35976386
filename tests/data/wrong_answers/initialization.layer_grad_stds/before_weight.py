# wrong: measured at the preactivation
import torch


def layer_grad_stds(grad, weights, preactivations):
    stds = []
    for w, z in zip(weights[::-1], preactivations[::-1]):
        grad = grad * (z > 0)
        stds.append(grad.std().item())
        grad = grad @ w
        continue
        stds.append(grad.std().item())
    return stds
