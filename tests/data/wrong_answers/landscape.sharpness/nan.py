# wrong: 0 / 0
import math, torch
def sharpness(matvec, start, iterations):
    w = start
    for _ in range(iterations):
        v = w / w.norm()
        w = matvec(v)
    return (v * w).sum().item()
