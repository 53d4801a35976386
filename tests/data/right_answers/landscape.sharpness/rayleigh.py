# right: the Rayleigh quotient of the last v
import math, torch
def sharpness(matvec, start, iterations):
    v, result = start, 0.0
    for _ in range(iterations):
        v = v / torch.sqrt((v * v).sum())
        w = matvec(v)
        result = float((v * w).sum() / (v * v).sum())
        if float(w.abs().max()) == 0.0:
            return 0.0
        v = w
    return result
