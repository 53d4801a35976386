"""What the expressions of mistakes.toml need beside torch."""


def power_iteration(matvec, start, iterations, unit=lambda w: w / w.norm(), first=None, stops=True):
    """The vector that goes into the last product, and that product; zeros where a product is zero, if it `stops`."""
    w, v = start, start
    for index in range(iterations):
        if stops and not bool(w.any()):
            return w, w
        v = (first or unit)(w) if index == 0 else unit(w)
        w = matvec(v)
    return v, w
