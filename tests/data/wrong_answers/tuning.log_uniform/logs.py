# wrong: the logarithms themselves
import math

import torch


def log_uniform(low, high, num, generator):
    a, b = math.log(low), math.log(high)
    return a + (b - a) * torch.rand(num, generator=generator, dtype=torch.float64)
