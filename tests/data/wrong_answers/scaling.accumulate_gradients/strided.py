# wrong: every k-th sample
import math


def accumulate_gradients(grad_fn, x, y, micro_batch_size):
    k = math.ceil(len(x) / micro_batch_size)
    return sum(len(x[i::k]) / len(x) * grad_fn(x[i::k], y[i::k]) for i in range(k))
