# wrong: columns
import math, torch
def normalize_filters(direction, weight):
    return direction * weight.norm(dim=0) / (direction.norm(dim=0) + 1e-10)
