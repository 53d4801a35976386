# wrong: tensors collected in a dict by shape: two of one shape overwrite each other
def l1_penalty(weights, strength):
    by_shape = {tuple(w.shape): w for w in weights}
    return strength * sum(w.abs().sum() for w in by_shape.values())
