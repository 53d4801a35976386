# right: through tanh
import torch


def neuron(x, weight, bias):
    z = x.dot(weight).add(bias)
    return 0.5 + 0.5 * torch.tanh(0.5 * z)
