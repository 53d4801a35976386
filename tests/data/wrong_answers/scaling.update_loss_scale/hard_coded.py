# wrong: 2000, whatever interval is
def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):
    if found_inf:
        return scale * backoff, 0
    if good_steps + 1 == 2000:
        return scale * growth, 0
    return scale, good_steps + 1
