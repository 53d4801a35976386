# wrong: another default
def step_decay(step, base_lr, step_size, gamma=0.5):
    return base_lr * gamma ** (step // step_size)
