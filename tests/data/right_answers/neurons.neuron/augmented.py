# right: the bias as the weight of a constant input
import torch


def neuron(x, weight, bias):
    xs = torch.cat([x, torch.ones(1, dtype=x.dtype, device=x.device)])
    ws = torch.cat([weight, bias.reshape(1)])
    return torch.reciprocal(torch.exp(-(xs @ ws)) + 1)
