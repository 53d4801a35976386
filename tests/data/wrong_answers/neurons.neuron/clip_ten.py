# wrong: z clipped to ten
import torch


def neuron(x, weight, bias):
    z = torch.clip(x @ weight + bias, -10, 10)
    return 1 / (1 + torch.exp(-z))
