# right: as the statement says
import math, torch
def sharpness(matvec, start, iterations):
    w = start
    for _ in range(iterations):
        n = w.norm()
        if n == 0:
            return 0.0
        v = w / n
        w = matvec(v)
    return (v * w).sum().item()
