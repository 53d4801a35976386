# wrong: nothing stops at 0
import torch
def soft_threshold(weight, threshold):
    return weight.sign() * (weight.abs() - threshold)
