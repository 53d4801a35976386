def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):
    if not found_inf:
        good_steps += 1
        if good_steps >= interval:
            scale, good_steps = scale * growth, 0
    else:
        scale, good_steps = scale * backoff, 0
    return scale, good_steps
