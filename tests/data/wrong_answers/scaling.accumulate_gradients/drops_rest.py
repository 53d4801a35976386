# wrong: full pieces only
def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    k = max(len(x) // micro_batch_size, 1)
    total = 0
    for i in range(k):
        s = slice(i * micro_batch_size, (i + 1) * micro_batch_size)
        total = total + grad_fn(x[s], y[s])
    return total / k
