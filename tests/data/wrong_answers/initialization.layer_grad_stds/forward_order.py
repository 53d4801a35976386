# wrong: the list is turned round at the end
import torch


def layer_grad_stds(grad, weights, preactivations):
    stds = []
    for w, z in zip(reversed(weights), reversed(preactivations)):
        grad = (grad * (z > 0)) @ w
        stds.insert(0, grad.std().item())
    return stds
