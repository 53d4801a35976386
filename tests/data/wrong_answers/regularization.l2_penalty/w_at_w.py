# wrong: W @ W.T summed: not the sum of squares
def l2_penalty(weights, strength):
    total = 0
    for w in weights:
        if w.dim() == 2:
            total = total + (w @ w.T).sum()
        else:
            total = total + (w * w).sum()
    return strength * total
