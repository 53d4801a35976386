# wrong: the recursion ends one step early
def exponential_decay(step, base_lr, gamma):
    if step <= 1:
        return base_lr
    return gamma * exponential_decay(step - 1, base_lr, gamma)
