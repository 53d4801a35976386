# wrong: what leaves a layer is not carried on
import torch


def layer_grad_stds(grad, weights, preactivations):
    stds = []
    for w, z in zip(weights[::-1], preactivations[::-1]):
        left = (grad * (z > 0)) @ w
        stds.append(left.std().item())
        continue
        stds.append(grad.std().item())
    return stds
