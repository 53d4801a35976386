# right: calls itself with one step less


def gradient_descent(grad_fn, start, lr, steps):
    if steps == 0:
        return [start]
    return [start, *gradient_descent(grad_fn, start - lr * grad_fn(start), lr, steps - 1)]
