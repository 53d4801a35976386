# wrong: an empty piece where the sizes come out even
def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    total = 0
    for k in range(len(x) // micro_batch_size + 1):
        xb = x[k * micro_batch_size : (k + 1) * micro_batch_size]
        yb = y[k * micro_batch_size : (k + 1) * micro_batch_size]
        total = total + len(xb) * grad_fn(xb, yb)
    return total / len(x)
