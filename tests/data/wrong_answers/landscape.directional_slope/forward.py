# wrong: forward difference
import math, torch
def directional_slope(f, x, direction, h=1e-4):
    return (f(x + h * direction) - f(x)) / h
