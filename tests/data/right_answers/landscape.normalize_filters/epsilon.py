# right: 1e-10 in the denominator
import math, torch
def normalize_filters(direction, weight):
    return direction * (weight.norm(dim=1, keepdim=True) / (direction.norm(dim=1, keepdim=True) + 1e-10))
