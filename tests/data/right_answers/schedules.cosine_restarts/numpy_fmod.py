# right: NumPy's numbers, weighted mean of the two rates
import numpy as np


def cosine_restarts(step, period, max_lr, min_lr=0.0):
    c = np.cos(np.pi * np.fmod(step, period) / period)
    return (max_lr * (1 + c) + min_lr * (1 - c)) / 2
