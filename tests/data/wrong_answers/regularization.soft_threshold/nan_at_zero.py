# wrong: 0 / 0 at a weight of 0
import torch
def soft_threshold(weight, threshold):
    return weight / weight.abs() * (weight.abs() - threshold).clamp(min=0)
