# right: masks in the dtype of the gradient, and einsum
import torch


def layer_grad_stds(grad, weights, preactivations):
    stds, g = [], grad
    for w, z in list(zip(weights, preactivations))[::-1]:
        mask = z.gt(0).type_as(g)
        g = torch.einsum("no,oi->ni", g * mask, w)
        stds += [torch.std(g).item()]
    return stds
