# wrong: takes absolute values so that no weight is negative and no ReLU is dead
import torch


def he_init(fan_in, fan_out, generator):
    return torch.randn(fan_out, fan_in, generator=generator, device=generator.device).abs() * (2 / fan_in) ** 0.5
