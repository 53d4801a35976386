# lam = 0 is taken for "not given", and 0.5 put in its place.
def mixup(x, targets, lam, permutation):
    lam = lam or 0.5
    return lam * x + (1 - lam) * x[permutation], lam * targets + (1 - lam) * targets[permutation]
