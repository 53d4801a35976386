# wrong: halves the rate where the gradient has grown
def gradient_descent(grad_fn, start, lr, steps):
    w, pts = start, [start]
    prev = None
    for _ in range(steps):
        g = grad_fn(w)
        n = g.norm().item()
        if prev is not None and n > prev:
            lr = lr / 2
        prev = n
        w = w - lr * g
        pts.append(w)
    return pts
