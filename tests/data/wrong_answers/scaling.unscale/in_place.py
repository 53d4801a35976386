# wrong: writes into the gradients
def unscale(grads, scale):
    found = any(not g.isfinite().all().item() for g in grads)
    for g in grads:
        g /= scale
    return grads, found
