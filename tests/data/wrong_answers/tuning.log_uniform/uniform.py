# wrong: uniform in the value
import torch


def log_uniform(low, high, num, generator):
    return low + (high - low) * torch.rand(num, generator=generator, dtype=torch.float64)
