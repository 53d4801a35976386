# wrong: convolutions are left out
def decay_groups(params):
    return [n for n, p in params.items() if p.ndim == 2], [n for n, p in params.items() if p.ndim != 2]
