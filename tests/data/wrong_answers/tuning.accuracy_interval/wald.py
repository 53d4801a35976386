# wrong: p plus minus z standard errors
import math


def accuracy_interval(correct, total, z=1.96):
    p = correct / total
    e = z * math.sqrt(p * (1 - p) / total)
    return p - e, p + e
