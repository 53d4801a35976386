# wrong: the penalty of weight decay
def l2_sp_penalty(weights, start, strength):
    return strength * sum((w**2).sum() for w in weights)
