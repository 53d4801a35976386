# wrong: the sum is looked at
def unscale(grads, scale):
    total = sum(g.sum() for g in grads)
    return [g / scale for g in grads], not total.isfinite().item()
