# wrong: whole multiples only, in both directions
def linear_scaling(base_lr, base_batch_size, batch_size):
    if batch_size >= base_batch_size:
        return base_lr * (batch_size // base_batch_size)
    return base_lr / (base_batch_size // batch_size)
