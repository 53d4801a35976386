import torch


def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    total = None
    start = 0
    while start < len(x):
        stop = min(start + micro_batch_size, len(x))
        g = grad_fn(x[start:stop], y[start:stop])
        if total is None:
            total = torch.zeros_like(g)
        total += (stop - start) * g
        start = stop
    return total.div(len(x))
