# wrong: drawn in float32, then made float64
import math

import torch


def log_uniform(low, high, num, generator):
    u = torch.rand(num, generator=generator).double()
    return torch.exp(math.log(low) + (math.log(high) - math.log(low)) * u)
