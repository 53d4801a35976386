# wrong: one step early
def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):
    if found_inf:
        return scale * backoff, 0
    if good_steps + 2 >= interval:
        return scale * growth, 0
    return scale, good_steps + 1
