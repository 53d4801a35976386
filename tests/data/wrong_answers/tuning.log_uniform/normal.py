# wrong: normal logarithms
import math

import torch


def log_uniform(low, high, num, generator):
    a, b = math.log(low), math.log(high)
    z = torch.randn(num, generator=generator, dtype=torch.float64)
    return torch.exp((a + b) / 2 + (b - a) / 4 * z).clamp(low, high)
