# wrong: a round too few
import math, torch
def sharpness(matvec, start, iterations):
    w = start / start.norm()
    v = w
    for _ in range(iterations - 1):
        w = matvec(v)
        if not w.any():
            return 0.0
        v = w / w.norm()
    return (v * w).sum().item()
