# wrong: by the word bias
def decay_groups(params):
    return [n for n in params if "bias" not in n], [n for n in params if "bias" in n]
