# wrong: every run that changes much oscillates
import math, torch
import statistics


def diagnose_curve(train, val):
    if any(not math.isfinite(x) for x in train + val) or train[-1] > 2 * train[0]:
        return "diverged"
    if statistics.stdev(train) > 0.25 * statistics.mean(train):
        return "oscillating"
    if max(train) > 1.5 * train[0]:
        return "spike"
    if train[-1] > 0.9 * train[0]:
        return "not learning"
    if val[-1] > 1.2 * min(val):
        return "overfitting"
    return "underfitting" if train[-1] > 0.5 * train[0] else "healthy"
