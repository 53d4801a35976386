# wrong: binary cross-entropy of all classes
import math, torch


def initial_loss(num_classes):
    p = 1 / num_classes
    return -math.log(p) - (num_classes - 1) * math.log(1 - p + 1e-12)
