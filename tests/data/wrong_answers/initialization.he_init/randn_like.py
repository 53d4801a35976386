# wrong: randn_like takes its numbers from the global generator
import torch


def he_init(fan_in, fan_out, generator):
    w = torch.zeros(fan_out, fan_in, device=generator.device)
    return torch.randn_like(w) * (2 / fan_in) ** 0.5
