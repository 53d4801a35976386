# wrong: a list
import math

import torch


def log_uniform(low, high, num, generator):
    u = torch.rand(num, generator=generator, dtype=torch.float64)
    return [low * (high / low) ** x.item() for x in u]
