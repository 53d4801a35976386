# wrong: z computed with index bug: uses weight[0] for all inputs
import torch


def neuron(x, weight, bias):
    z = bias
    for i in range(len(x)):
        z = z + x[i] * weight[0]
    return 1 / (1 + torch.exp(-z))
