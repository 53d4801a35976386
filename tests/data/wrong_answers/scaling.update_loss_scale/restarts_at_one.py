# wrong: the count starts at 1
def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):
    if found_inf:
        return scale * backoff, 0
    if good_steps + 1 == interval:
        return scale * growth, 1
    return scale, good_steps + 1
