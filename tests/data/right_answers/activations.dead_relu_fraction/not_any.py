# right: not any positive
import torch


def dead_relu_fraction(activations):
    return torch.logical_not((activations > 0).any(0)).to(torch.float64).mean().item()
