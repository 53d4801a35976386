# wrong: log10 and exp
import math

import torch


def log_uniform(low, high, num, generator):
    a, b = math.log10(low), math.log10(high)
    return torch.exp(a + (b - a) * torch.rand(num, generator=generator, dtype=torch.float64))
