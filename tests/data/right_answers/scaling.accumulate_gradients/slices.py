def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    n = x.shape[0]
    total = None
    for i in range(0, n, micro_batch_size):
        xb, yb = x[i : i + micro_batch_size], y[i : i + micro_batch_size]
        g = grad_fn(xb, yb) * xb.shape[0] / n
        total = g if total is None else total + g
    return total
