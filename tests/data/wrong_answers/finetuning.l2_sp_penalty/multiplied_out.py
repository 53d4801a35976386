# wrong: the square multiplied out, which cancels where weights have hardly moved
def l2_sp_penalty(weights, start, strength):
    return strength * sum((w**2).sum() - 2 * (w * s).sum() + (s**2).sum() for w, s in zip(weights, start))
