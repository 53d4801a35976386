# wrong: draws from a copy of the generator, which itself never moves on
import torch


def he_init(fan_in, fan_out, generator):
    g = torch.Generator(device=generator.device)
    g.set_state(generator.get_state())
    return torch.randn(fan_out, fan_in, generator=g, device=g.device) * (2 / fan_in) ** 0.5
