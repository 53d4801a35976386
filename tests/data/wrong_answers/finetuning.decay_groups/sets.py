# wrong: sets have no order
def decay_groups(params):
    big = {n for n, p in params.items() if p.ndim > 1}
    return big, set(params) - big
