# right: half of the sum of both one-sided slopes
import math, torch
def directional_slope(f, x, direction, h=1e-4):
    here = f(x)
    return ((f(x + h * direction) - here) / h + (here - f(x - h * direction)) / h) / 2
