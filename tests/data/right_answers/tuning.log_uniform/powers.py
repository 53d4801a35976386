import math

import torch


def log_uniform(low, high, num, generator):
    u = torch.rand(num, dtype=torch.float64, generator=generator, device=generator.device)
    return low * (high / low) ** u
