# wrong: hard threshold
import torch
def soft_threshold(weight, threshold):
    return weight * (weight.abs() > threshold)
