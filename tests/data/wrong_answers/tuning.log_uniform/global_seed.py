# wrong: the global generator
import math

import torch


def log_uniform(low, high, num, generator):
    u = torch.rand(num, dtype=torch.float64)
    return torch.exp(math.log(low) + (math.log(high) - math.log(low)) * u)
