# wrong: the dimension is lost
import math, torch
def normalize_filters(direction, weight):
    return direction * weight.norm(dim=1) / (direction.norm(dim=1) + 1e-10)
