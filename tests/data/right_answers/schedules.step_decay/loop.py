# right: walks through the steps and cuts at the multiples
def step_decay(step, base_lr, step_size, gamma=0.1):
    lr = base_lr
    for s in range(1, step + 1):
        if s % step_size == 0:
            lr *= gamma
    return lr
