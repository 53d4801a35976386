# wrong: the scale alone
def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):
    if found_inf:
        return scale * backoff
    return scale * growth if good_steps + 1 == interval else scale
