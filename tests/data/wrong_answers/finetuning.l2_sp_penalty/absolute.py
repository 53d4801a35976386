# wrong: absolute distances
def l2_sp_penalty(weights, start, strength):
    return strength * sum((w - s).abs().sum() for w, s in zip(weights, start))
