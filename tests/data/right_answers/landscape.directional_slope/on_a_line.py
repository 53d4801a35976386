# right: a function of one number
import math, torch
def directional_slope(f, x, direction, h=1e-4):
    def g(t):
        return f(x + t * direction)
    return (g(h) - g(-h)) / h * 0.5
