# wrong: int() of activations
import torch


def dead_relu_fraction(activations):
    return (activations.long().sum(dim=0) == 0).double().mean().item()
