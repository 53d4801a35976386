# wrong: the sign is lost
import torch
def soft_threshold(weight, threshold):
    return (weight.abs() - threshold).clamp(min=0)
