# wrong: standard deviations
import math


def update_ratio(old, new):
    a, b = (new - old).std(unbiased=False).item(), old.std(unbiased=False).item()
    return a / b if b else (math.inf if a else 0.0)
