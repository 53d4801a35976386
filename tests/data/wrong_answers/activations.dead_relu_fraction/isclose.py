# wrong: allclose to zero
import torch


def dead_relu_fraction(activations):
    return torch.isclose(activations, torch.zeros_like(activations)).all(0).float().mean().item()
