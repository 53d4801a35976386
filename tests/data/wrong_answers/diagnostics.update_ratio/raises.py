# wrong: Python's division raises at zero
import math


def update_ratio(old, new):
    step = math.sqrt(((new - old) ** 2).sum().item())
    return step / math.sqrt((old**2).sum().item())
