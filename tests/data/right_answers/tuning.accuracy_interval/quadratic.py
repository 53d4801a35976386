import math


def accuracy_interval(correct, total, z=1.96):
    p = correct / total
    a, b, c = 1 + z**2 / total, -(2 * p + z**2 / total), p**2
    root = math.sqrt(max(b * b - 4 * a * c, 0.0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)
