def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):
    count = 0 if found_inf else (good_steps + 1) % interval
    factor = backoff if found_inf else growth if count == 0 else 1.0
    return scale * factor, count
