def decay_groups(params):
    yes, no = [], []
    for name, p in params.items():
        (yes if len(p.shape) > 1 else no).append(name)
    return yes, no
