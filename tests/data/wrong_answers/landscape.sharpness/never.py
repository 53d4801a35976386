# wrong: never normalised until the end
import math, torch
def sharpness(matvec, start, iterations):
    w = start
    for _ in range(iterations):
        v = w
        w = matvec(v)
    return ((v * w).sum() / (v * v).sum().clamp(min=1e-30)).item()
