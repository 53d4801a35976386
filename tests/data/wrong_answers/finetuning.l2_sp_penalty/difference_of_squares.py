# wrong: squares before it subtracts
def l2_sp_penalty(weights, start, strength):
    return strength * sum((w**2 - s**2).sum() for w, s in zip(weights, start))
