# wrong: no gradient
import torch
def soft_threshold(weight, threshold):
    return (weight.sign() * (weight.abs() - threshold).clamp(min=0)).detach()
