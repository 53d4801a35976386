# wrong: the weights are detached
def l2_sp_penalty(weights, start, strength):
    return strength * sum(((w.detach() - s) ** 2).sum() for w, s in zip(weights, start))
