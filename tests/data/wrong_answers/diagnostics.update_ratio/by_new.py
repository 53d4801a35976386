# wrong: measured by the new tensor
import math


def update_ratio(old, new):
    a, b = (old - new).norm().item(), new.norm().item()
    return a / b if b > 0 else (0.0 if a == 0 else math.inf)
