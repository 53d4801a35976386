# wrong: moves x itself
import math, torch
def directional_slope(f, x, direction, h=1e-4):
    x += h * direction
    a = f(x)
    x -= 2 * h * direction
    b = f(x)
    x += h * direction
    return (a - b) / (2 * h)
