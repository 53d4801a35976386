# wrong: 1e-3 below the fraction bar
import math, torch
def sharpness(matvec, start, iterations):
    w = start
    for _ in range(iterations):
        v = w / (w.norm() + 1e-3)
        w = matvec(v)
    return (v * w).sum().item()
