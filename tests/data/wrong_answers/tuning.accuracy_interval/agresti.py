# wrong: Agresti and Coull
import math


def accuracy_interval(correct, total, z=1.96):
    n = total + z**2
    p = (correct + z**2 / 2) / n
    h = z * math.sqrt(p * (1 - p) / n)
    return p - h, p + h
