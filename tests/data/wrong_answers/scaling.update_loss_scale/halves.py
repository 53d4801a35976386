# wrong: 2 and 0.5, whatever growth and backoff are
def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):
    if found_inf:
        return scale * 0.5, 0
    if good_steps + 1 == interval:
        return scale * 2.0, 0
    return scale, good_steps + 1
