# wrong: a ReLU with a bias
import torch
def soft_threshold(weight, threshold):
    return (weight - threshold).clamp(min=0)
