# wrong: sorted by name
def decay_groups(params):
    yes, no = [], []
    for n in sorted(params):
        if params[n].ndim >= 2:
            yes.append(n)
        else:
            no.append(n)
    return yes, no
