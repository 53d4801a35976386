def decay_groups(params):
    return [k for k in params if params[k].ndim >= 2], [k for k in params if params[k].ndim < 2]
