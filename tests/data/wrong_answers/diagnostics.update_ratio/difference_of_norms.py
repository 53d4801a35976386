# wrong: the change of the norm
import math


def update_ratio(old, new):
    a, b = new.norm().item(), old.norm().item()
    if b == 0:
        return math.inf if a else 0.0
    return abs(a - b) / b
