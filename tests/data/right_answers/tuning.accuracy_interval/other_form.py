import math


def accuracy_interval(correct, total, z=1.96):
    wrong = total - correct
    middle = (correct + z * z / 2) / (total + z * z)
    half = z / (total + z * z) * math.sqrt(correct * wrong / total + z * z / 4)
    return middle - half, middle + half
