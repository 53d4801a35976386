# wrong: a uniform in place of a normal, and a bias is returned with it
import torch


def he_init(fan_in, fan_out, generator):
    b = (2 / fan_in) ** 0.5
    w = torch.rand(fan_out, fan_in, generator=generator, device=generator.device) * 2 * b - b
    return w, torch.zeros(fan_out, device=generator.device)
