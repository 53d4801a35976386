# wrong: the product of all sizes
import math


def training_flops(sizes, batch_size, steps):
    return 6 * math.prod(sizes) * batch_size * steps
