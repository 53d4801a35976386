# wrong: dimensions of size 1 are dropped
def decay_groups(params):
    big = [n for n, p in params.items() if p.squeeze().ndim > 1]
    return big, [n for n in params if n not in big]
