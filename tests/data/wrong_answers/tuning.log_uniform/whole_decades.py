# wrong: whole powers of ten only
import math

import torch


def log_uniform(low, high, num, generator):
    a, b = round(math.log10(low)), round(math.log10(high))
    return 10.0 ** torch.randint(a, b + 1, (num,), generator=generator).double()
