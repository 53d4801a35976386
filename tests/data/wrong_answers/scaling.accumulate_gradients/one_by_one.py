# wrong: one sample at a time
def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    return sum(grad_fn(x[i : i + 1], y[i : i + 1]) for i in range(len(x))) / len(x)
