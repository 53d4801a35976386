import math

import torch


def log_uniform(low, high, num, generator):
    out = []
    for _ in range(num):
        u = torch.rand((), generator=generator, dtype=torch.float64, device=generator.device)
        out.append(10 ** (math.log10(low) * (1 - u) + math.log10(high) * u))
    return torch.stack(out)
