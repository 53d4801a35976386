import math

import torch


def log_uniform(low, high, num, generator):
    t = torch.empty(num, dtype=torch.double, device=generator.device)
    return t.uniform_(math.log10(low), math.log10(high), generator=generator).mul(math.log(10)).exp()
