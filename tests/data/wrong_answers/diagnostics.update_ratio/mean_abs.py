# wrong: mean absolute values
import math


def update_ratio(old, new):
    a, b = (new - old).abs().mean().item(), old.abs().mean().item()
    if b == 0:
        return math.inf if a else 0.0
    return a / b
