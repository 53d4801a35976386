# wrong: 0 / 0
import math, torch
def normalize_filters(direction, weight):
    return direction / direction.norm(dim=1, keepdim=True) * weight.norm(dim=1, keepdim=True)
