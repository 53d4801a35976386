# wrong: the deviations come as a vector of length fan_out, which does not broadcast against the columns
import torch


def he_init(fan_in, fan_out, generator):
    std = torch.full((fan_out,), 2.0 / fan_in, device=generator.device).sqrt()
    return torch.randn(fan_out, fan_in, generator=generator, device=generator.device) * std
