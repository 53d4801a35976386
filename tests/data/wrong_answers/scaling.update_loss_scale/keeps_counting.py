# wrong: the count goes on after growth
def update_loss_scale(scale, good_steps, found_inf, growth=2.0, backoff=0.5, interval=2000):
    if found_inf:
        return scale * backoff, 0
    good_steps += 1
    if good_steps % interval == 0:
        scale *= growth
    return scale, good_steps
