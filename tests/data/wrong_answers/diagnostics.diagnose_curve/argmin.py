# wrong: any turn of val is overfitting, any noise an oscillation
import math, torch


def diagnose_curve(train, val):
    if not all(math.isfinite(x) for x in train + val) or train[-1] > 2 * train[0]:
        return "diverged"
    d = [b - a for a, b in zip(train, train[1:])]
    flips = sum(x * y < 0 for x, y in zip(d, d[1:]))
    if flips > len(d) / 2:
        return "oscillating"
    if max(d) > train[0]:
        return "spike"
    if train[-1] > 0.9 * train[0]:
        return "not learning"
    if val.index(min(val)) < len(val) - 1:
        return "overfitting"
    return "underfitting" if train[-1] > 0.5 * train[0] else "healthy"
