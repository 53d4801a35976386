# wrong: a global that is right only if all steps are asked for in order
current = None


def step_decay(step, base_lr, step_size, gamma=0.1):
    global current
    if step == 0:
        current = base_lr
    elif step % step_size == 0:
        current *= gamma
    return current
