# wrong: loop breaks at a zero input
import torch


def neuron(x, weight, bias):
    z = bias
    for i in range(len(x)):
        if x[i] == 0:
            break
        z = z + x[i] * weight[i]
    return 1 / (1 + torch.exp(-z))
