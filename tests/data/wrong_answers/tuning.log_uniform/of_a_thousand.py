# wrong: one of a thousand values
import torch


def log_uniform(low, high, num, generator):
    steps = torch.randint(0, 1000, (num,), generator=generator, device=generator.device).double()
    return low * (high / low) ** (steps / 1000)
