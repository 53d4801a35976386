def l2_sp_penalty(weights, start, strength):
    return sum(strength * (w - s).pow(2).sum() for w, s in zip(weights, start))
