# wrong: one norm for the matrix
import math, torch
def normalize_filters(direction, weight):
    return direction * weight.norm() / direction.norm()
