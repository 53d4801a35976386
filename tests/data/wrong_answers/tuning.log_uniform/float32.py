# wrong: the wrong dtype
import math

import torch


def log_uniform(low, high, num, generator):
    return torch.exp(math.log(low) + math.log(high / low) * torch.rand(num, generator=generator))
