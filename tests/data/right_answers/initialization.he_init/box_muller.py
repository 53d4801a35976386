# right: Box-Muller in float64, 1 - u keeps the log away from 0
import math

import torch


def he_init(fan_in, fan_out, generator):
    def uniform():
        return torch.rand(fan_out, fan_in, generator=generator, device=generator.device, dtype=torch.float64)

    radius = torch.sqrt(-2.0 * torch.log(1.0 - uniform()))
    angle = 2.0 * math.pi * uniform()
    z = radius * torch.cos(angle)
    return (z * math.sqrt(2.0 / fan_in)).float()
