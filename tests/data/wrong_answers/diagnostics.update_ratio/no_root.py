# wrong: sums of squares
import math


def update_ratio(old, new):
    a, b = (new - old).pow(2).sum().item(), old.pow(2).sum().item()
    return 0.0 if a == 0 else math.inf if b == 0 else a / b
