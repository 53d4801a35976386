# wrong: asks for the shape first
import torch


def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    total = torch.zeros_like(grad_fn(x[:1], y[:1]))
    for i in range(0, len(x), micro_batch_size):
        xb, yb = x[i : i + micro_batch_size], y[i : i + micro_batch_size]
        total = total + len(xb) * grad_fn(xb, yb)
    return total / len(x)
