# wrong: looks at the quotient
def unscale(grads, scale):
    out = [g / scale for g in grads]
    return out, any(not g.isfinite().all().item() for g in out)
