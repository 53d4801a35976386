# wrong: a gradient step of the penalty
import torch
def soft_threshold(weight, threshold):
    return weight - threshold * weight.sign()
