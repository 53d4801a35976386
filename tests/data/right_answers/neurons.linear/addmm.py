# right: addmm
import torch


def linear(x, weight, bias):
    return torch.addmm(bias, x, weight.t())
