# wrong: rows of length 1
import math, torch
def normalize_filters(direction, weight):
    return direction / (direction.norm(dim=1, keepdim=True) + 1e-10)
