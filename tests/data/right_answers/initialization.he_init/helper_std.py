# right: helper functions, negative power
import math

import torch


def _std(fan_in):
    return math.pow(fan_in / 2, -0.5)


def _draw(shape, generator):
    return torch.randn(*shape, generator=generator, device=generator.device, dtype=torch.float32)


def he_init(fan_in, fan_out, generator):
    return _std(fan_in) * _draw((fan_out, fan_in), generator)
