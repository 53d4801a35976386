# wrong: an extra factor 0.01
import math

import torch


def xavier_init(fan_in, fan_out, generator):
    std = math.sqrt(2 / (fan_in + fan_out))
    return 0.01 * std * torch.randn(fan_out, fan_in, generator=generator, device=generator.device)
