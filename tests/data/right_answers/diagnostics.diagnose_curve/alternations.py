# right: scores of jumps and alternations
import math


def diagnose_curve(train, val):
    if not all(map(math.isfinite, train)) or not all(map(math.isfinite, val)):
        return "diverged"
    n, s = len(train), train[0]
    if max(train[-2:]) > 4 * s:
        return "diverged"
    rel = [(b - a) / max(a, b) for a, b in zip(train[1:], train[2:])]
    alternations = sum(1 for a, b in zip(rel, rel[1:]) if a * b < 0 and abs(a) + abs(b) > 0.3)
    jumps = sum(r > 0.6 for r in rel)
    if jumps and alternations <= 3:
        return "spike"
    if alternations > 3:
        return "oscillating"
    drop = 1 - sum(train[-4:]) / 4 / s
    if drop < 0.12:
        return "not learning"
    rise = (sum(val[-2:]) / 2 - min(val)) / (max(val[0], s) - min(val))
    if rise > 0.12:
        return "overfitting"
    return "underfitting" if drop < 0.55 else "healthy"
