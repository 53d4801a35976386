# right: exp of minus the softplus of -z, with logaddexp
import torch


def neuron(x, weight, bias):
    z = weight @ x + bias
    return torch.exp(-torch.logaddexp(torch.zeros_like(z), -z))
