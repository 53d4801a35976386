# wrong: start is not normalised
import math, torch
def sharpness(matvec, start, iterations):
    v = start
    for _ in range(iterations):
        w = matvec(v)
        result = (v * w).sum().item()
        if not w.any():
            return 0.0
        v = w / w.norm()
    return result
