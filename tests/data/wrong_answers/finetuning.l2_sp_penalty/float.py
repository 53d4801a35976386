# wrong: a Python float
def l2_sp_penalty(weights, start, strength):
    return strength * sum(((w - s) ** 2).sum().item() for w, s in zip(weights, start))
