# right: python loop over flat lists


def relative_error(a, b):
    worst = 0.0
    for u, v in zip(a.reshape(-1).tolist(), b.reshape(-1).tolist()):
        worst = max(worst, abs(u - v) / max(abs(u) + abs(v), 1e-8))
    return worst
