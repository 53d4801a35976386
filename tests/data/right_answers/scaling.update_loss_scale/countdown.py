def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):
    left = interval - good_steps - 1
    if found_inf:
        return (backoff * scale, 0)
    return (scale, good_steps + 1) if left > 0 else (growth * scale, 0)
