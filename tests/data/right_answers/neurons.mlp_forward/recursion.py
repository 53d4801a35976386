# right: the first layer, then the rest of the network
import torch


def mlp_forward(x, weights, biases):
    z = x @ weights[0].T + biases[0]
    if len(weights) == 1:
        return z
    return mlp_forward(torch.where(z > 0, z, torch.zeros((), dtype=z.dtype, device=z.device)), weights[1:], biases[1:])
