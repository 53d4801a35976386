# wrong: takes them out of the dict that it was given
def decay_groups(params):
    yes = [n for n in list(params) if params[n].ndim >= 2]
    for n in yes:
        params.pop(n)
    return yes, list(params)
