import math
from itertools import pairwise


def training_flops(sizes, batch_size, steps):
    return math.prod([6, batch_size, steps, sum(map(math.prod, pairwise(sizes)))])
