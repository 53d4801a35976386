# wrong: multiplies by ReLU's output
import torch


def layer_grad_stds(grad, weights, preactivations):
    stds = []
    for w, z in zip(weights[::-1], preactivations[::-1]):
        grad = (grad * z.clamp(min=0)) @ w
        stds.append(grad.std().item())
    return stds
