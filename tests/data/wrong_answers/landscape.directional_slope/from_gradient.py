# wrong: one element at a time
import math, torch
def directional_slope(f, x, direction, h=1e-4):
    slope = 0
    for i in range(x.numel()):
        e = torch.zeros_like(x).reshape(-1)
        e[i] = h
        e = e.reshape(x.shape)
        slope = slope + (f(x + e) - f(x - e)) / (2 * h) * direction.reshape(-1)[i]
    return slope
