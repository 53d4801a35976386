# right: one more normalisation and product at the end
import math, torch
def sharpness(matvec, start, iterations):
    v = start / start.norm()
    for _ in range(iterations):
        w = matvec(v)
        if not w.any():
            return 0.0
        v = w / w.norm()
    return float(torch.sum(v * matvec(v)))
