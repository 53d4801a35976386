# wrong: scales down by the square root
import math


def linear_scaling(base_lr, base_batch_size, batch_size):
    k = batch_size / base_batch_size
    return base_lr * k if k >= 1 else base_lr * math.sqrt(k)
