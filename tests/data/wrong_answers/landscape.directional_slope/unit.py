# wrong: a unit direction
import math, torch
def directional_slope(f, x, direction, h=1e-4):
    d = direction / (direction.norm() + 1e-12)
    return (f(x + h * d) - f(x - h * d)) / (2 * h)
