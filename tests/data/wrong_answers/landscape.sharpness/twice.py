# wrong: the product is asked for twice
import math, torch
def sharpness(matvec, start, iterations):
    w = start
    for _ in range(iterations):
        n = w.norm()
        if n == 0:
            return 0.0
        v = w / n
        w = matvec(v)
        result = (v * matvec(v)).sum().item()
    return result
