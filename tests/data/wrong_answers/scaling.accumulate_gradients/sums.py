# wrong: adds the means up
def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    total = 0
    for i in range(0, len(x), micro_batch_size):
        total = total + grad_fn(x[i : i + micro_batch_size], y[i : i + micro_batch_size])
    return total
