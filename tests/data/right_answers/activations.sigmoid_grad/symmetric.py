# right: exp(-|x|) / (1 + exp(-|x|))^2
import torch


def sigmoid_grad(x):
    e = torch.exp(-x.abs())
    return e / (1 + e) ** 2
