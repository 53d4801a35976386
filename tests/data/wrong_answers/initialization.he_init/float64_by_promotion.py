# wrong: a float64 tensor of deviations promotes the result to float64
import torch


def he_init(fan_in, fan_out, generator):
    z = torch.randn(fan_out, fan_in, generator=generator, device=generator.device)
    std = torch.full((fan_in,), 2.0 / fan_in, dtype=torch.float64, device=generator.device).sqrt()
    return z * std
