# wrong: writes into what grad_fn returns
def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    total = 0
    for a, b in zip(x.split(micro_batch_size), y.split(micro_batch_size)):
        g = grad_fn(a, b)
        g *= len(a)
        total = total + g
    return total / len(x)
