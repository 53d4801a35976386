# wrong: each tensor overwrites the flag
def unscale(grads, scale):
    for g in grads:
        found = not g.isfinite().all().item()
    return [g / scale for g in grads], found
