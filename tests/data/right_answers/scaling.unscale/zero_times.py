def unscale(grads, scale):
    found_inf = any(((g * 0) != 0).any().item() for g in grads)
    return [g / scale for g in grads], found_inf
