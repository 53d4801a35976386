# wrong: the two lists are exchanged
def decay_groups(params):
    decayed = [n for n, p in params.items() if p.ndim < 2]
    rest = [n for n, p in params.items() if p.ndim >= 2]
    return decayed, rest
