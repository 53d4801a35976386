# wrong: puts a floor of 1e-6 under the rate
def step_decay(step, base_lr, step_size, gamma=0.1):
    return max(base_lr * gamma ** (step // step_size), 1e-6)
