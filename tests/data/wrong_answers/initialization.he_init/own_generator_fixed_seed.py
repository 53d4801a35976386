# wrong: makes a generator of its own with seed 0
import torch


def he_init(fan_in, fan_out, generator):
    g = torch.Generator(device=generator.device).manual_seed(0)
    return torch.randn(fan_out, fan_in, generator=g, device=g.device) * (2 / fan_in) ** 0.5
