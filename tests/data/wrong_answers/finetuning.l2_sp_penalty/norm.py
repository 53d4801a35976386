# wrong: the distance, not its square
def l2_sp_penalty(weights, start, strength):
    return strength * sum((w - s).norm() for w, s in zip(weights, start))
