# wrong: half of it
def l2_sp_penalty(weights, start, strength):
    return 0.5 * strength * sum(((w - s) ** 2).sum() for w, s in zip(weights, start))
