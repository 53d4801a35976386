def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    seen, mean = 0, 0
    for xb, yb in zip(x.split(micro_batch_size), y.split(micro_batch_size)):
        k = len(xb)
        seen += k
        mean = mean + (grad_fn(xb, yb) - mean) * (k / seen)
    return mean
