# right: normalise; total variation vs net change
import math


def diagnose_curve(train, val):
    if not all(math.isfinite(x) for x in list(train) + list(val)):
        return "diverged"
    s = train[0]
    t = [x / s for x in train]
    v = [x / s for x in val]
    if t[-1] > 1.5:
        return "diverged"
    if abs(t[-1] - 1) < 0.08 and max(t) - min(t) < 0.15:
        return "not learning"
    tv = sum(abs(b - a) for a, b in zip(t, t[1:]))
    up = [b - a for a, b in zip(t, t[1:]) if b > a]
    up_total = sum(up)
    biggest = max(up, default=0)
    if up_total > 0.4:
        if biggest > 0.6 * up_total:
            return "spike"
        return "oscillating"
    if v[-1] - min(v) > 0.1:
        return "overfitting"
    if t[-1] > 0.5:
        return "underfitting"
    return "healthy"
