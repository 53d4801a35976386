# wrong: the whole tensor shrinks by its norm
import torch
def soft_threshold(weight, threshold):
    return weight * torch.clamp(1 - threshold / weight.norm(), min=0)
