# wrong: the largest entry for the norm
import math, torch
def sharpness(matvec, start, iterations):
    w = start
    for _ in range(iterations):
        n = w.abs().max()
        if n == 0:
            return 0.0
        v = w / n
        w = matvec(v)
    return (v * w).sum().item()
