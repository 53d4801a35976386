# wrong: restarts a step late, and min_lr is missing
import math


def cosine_restarts(step, period, max_lr, min_lr=0.0):
    while step > period:
        step -= period
    return max_lr * (1 + math.cos(math.pi * step / period)) / 2
