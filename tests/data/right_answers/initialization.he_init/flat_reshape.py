# right: one long vector, reshaped
import torch


def he_init(fan_in, fan_out, generator):
    variance = 2.0 / fan_in
    flat = torch.randn(fan_out * fan_in, generator=generator, device=generator.device)
    return flat.mul_(variance**0.5).reshape(fan_out, fan_in)
