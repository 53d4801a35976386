def decay_groups(params):
    groups = [[], []]
    for name in params:
        groups[0 if params[name].dim() > 1 else 1] += [name]
    return tuple(groups)
