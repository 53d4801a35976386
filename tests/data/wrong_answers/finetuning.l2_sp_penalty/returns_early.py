# wrong: returns in the loop
def l2_sp_penalty(weights, start, strength):
    total = 0.0
    for w, s in zip(weights, start):
        total = total + ((w - s) ** 2).sum()
        return strength * total
