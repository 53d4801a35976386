# wrong: generator.seed() puts a random new seed in, so nothing can be repeated
import torch


def he_init(fan_in, fan_out, generator):
    generator.seed()
    return torch.randn(fan_out, fan_in, generator=generator, device=generator.device) * (2 / fan_in) ** 0.5
