# wrong: by the number of elements
def decay_groups(params):
    return [n for n, p in params.items() if p.numel() > 8], [n for n, p in params.items() if p.numel() <= 8]
