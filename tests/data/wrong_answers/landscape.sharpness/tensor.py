# wrong: a tensor
import math, torch
def sharpness(matvec, start, iterations):
    w = start
    for _ in range(iterations):
        n = w.norm()
        v = w / n if n > 0 else w
        w = matvec(v)
    return (v * w).sum()
