# wrong: sums of sizes
import math, torch
def normalize_filters(direction, weight):
    return direction * weight.abs().sum(1, keepdim=True) / (direction.abs().sum(1, keepdim=True) + 1e-10)
