# wrong: asks whether it learns before it asks for NaN
import math, torch


def diagnose_curve(train, val):
    if train[-1] >= 0.9 * train[0]:
        return "not learning"
    if any(not math.isfinite(x) for x in train + val):
        return "diverged"
    ups = sum(b > 1.2 * a for a, b in zip(train, train[1:]))
    if ups > 3:
        return "oscillating"
    if ups:
        return "spike"
    if val[-1] > 1.2 * min(val):
        return "overfitting"
    return "underfitting" if train[-1] > 0.5 * train[0] else "healthy"
