# wrong: variance 1/fan_in, the factor 2 for ReLU is missing
import math

import torch


def he_init(fan_in, fan_out, generator):
    return torch.randn(fan_out, fan_in, generator=generator, device=generator.device) / math.sqrt(fan_in)
