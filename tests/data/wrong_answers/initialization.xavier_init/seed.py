# wrong: seeds the generator
import math
import torch


def xavier_init(fan_in, fan_out, generator):
    generator.manual_seed(0)
    return torch.randn(fan_out, fan_in, generator=generator) * math.sqrt(2 / (fan_in + fan_out))
