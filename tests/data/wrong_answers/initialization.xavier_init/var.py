# wrong: variance as std
import torch


def xavier_init(fan_in, fan_out, generator):
    return torch.randn(fan_out, fan_in, generator=generator) * 2 / (fan_in + fan_out)
