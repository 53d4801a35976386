# wrong: the mean of each tensor
def l2_sp_penalty(weights, start, strength):
    return strength * sum(((w - s) ** 2).mean() for w, s in zip(weights, start))
