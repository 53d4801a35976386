# wrong: stops when a step is short, with fewer points than asked for
import torch


def gradient_descent(grad_fn, start, lr, steps):
    points = [start]
    for _ in range(steps):
        new = points[-1] - lr * grad_fn(points[-1])
        if torch.allclose(new, points[-1], atol=1e-3):
            break
        points.append(new)
    return points
