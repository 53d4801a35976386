# wrong: by the ending
def decay_groups(params):
    a = [n for n in params if n.endswith("weight")]
    return a, [n for n in params if n not in a]
