# wrong: the tensors instead of their names
def decay_groups(params):
    return [p for p in params.values() if p.ndim >= 2], [p for p in params.values() if p.ndim < 2]
