# wrong: one tensor is changed in place and put into the list again and again


def gradient_descent(grad_fn, start, lr, steps):
    w = start.clone()
    points = [w]
    for _ in range(steps):
        w -= lr * grad_fn(w)
        points.append(w)
    return points
