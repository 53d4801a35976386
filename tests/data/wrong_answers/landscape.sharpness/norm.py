# wrong: the norm of the product
import math, torch
def sharpness(matvec, start, iterations):
    v = start / start.norm()
    for _ in range(iterations):
        w = matvec(v)
        n = w.norm()
        if n == 0:
            return 0.0
        v = w / n
    return n.item()
