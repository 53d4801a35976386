# wrong: cut off at the threshold
import torch
def soft_threshold(weight, threshold):
    return weight.clamp(min=-threshold, max=threshold)
