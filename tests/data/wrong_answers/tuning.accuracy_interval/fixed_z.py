# wrong: 1.96, always
import math


def accuracy_interval(correct, total, z=1.96):
    z = 1.96
    p, s = correct / total, 1 + z**2 / total
    m = (p + z**2 / (2 * total)) / s
    h = z * math.sqrt(p * (1 - p) / total + z**2 / (4 * total**2)) / s
    return m - h, m + h
