# wrong: only one of ten seeds is drawn from the generator
import math

import torch


def he_init(fan_in, fan_out, generator):
    g = torch.Generator().manual_seed(int(torch.randint(0, 10, (1,), generator=generator)))
    return torch.randn(fan_out, fan_in, generator=g) * math.sqrt(2 / fan_in)
