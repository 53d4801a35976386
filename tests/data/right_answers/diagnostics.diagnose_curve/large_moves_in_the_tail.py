# right: sign changes of large moves counted over the tail
import math


def diagnose_curve(train, val):
    if any(math.isnan(x) or math.isinf(x) for x in (train[-1], val[-1])):
        return "diverged"
    if train[-1] > 10 * train[0] or val[-1] > 10 * val[0]:
        return "diverged"

    def big_moves(c):
        tail = c[len(c) // 2 :]
        level = sorted(tail)[len(tail) // 2]
        return sum(abs(b - a) > 0.25 * level for a, b in zip(tail, tail[1:])) / (len(tail) - 1)

    if big_moves(train) > 0.4 and big_moves(val) > 0.4 and max(train[-4:]) > 1.2 * min(train[-4:]):
        return "oscillating"
    if any(b > 2.5 * a for a, b in zip(train, train[1:])):
        return "spike"
    if min(train) > 0.93 * train[0]:
        return "not learning"
    if val[-1] > 1.5 * min(val) and train[-1] < train[len(train) // 2]:
        return "overfitting"
    return "underfitting" if train[-1] > 0.55 * train[0] else "healthy"
