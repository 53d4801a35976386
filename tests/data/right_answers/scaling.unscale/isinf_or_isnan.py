def unscale(grads, scale):
    bad = any((g.isinf() | g.isnan()).any().item() for g in grads)
    return [g.div(scale) for g in grads], bad
