# wrong: lengths below 1 are not divided
import math, torch
def normalize_filters(direction, weight):
    return direction * weight.norm(dim=1, keepdim=True) / direction.norm(dim=1, keepdim=True).clamp(min=1.0)
