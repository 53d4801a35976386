# wrong: not divided
import math, torch
def normalize_filters(direction, weight):
    return direction * weight.norm(dim=1, keepdim=True)
