# wrong: the step of L2
import torch
def soft_threshold(weight, threshold):
    return weight / (1 + 2 * threshold)
