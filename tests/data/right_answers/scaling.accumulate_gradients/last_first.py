def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    starts = reversed(range(0, len(x), micro_batch_size))
    pieces = [slice(s, min(s + micro_batch_size, len(x))) for s in starts]
    return sum((p.stop - p.start) / len(x) * grad_fn(x[p], y[p]) for p in pieces)
