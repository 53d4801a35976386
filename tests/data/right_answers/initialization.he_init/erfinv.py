# right: inverse-cdf sampling
import math

import torch


def he_init(fan_in, fan_out, generator):
    u = torch.rand(fan_out, fan_in, generator=generator, device=generator.device, dtype=torch.float64)
    u = u.clamp(1e-12, 1 - 1e-12)
    return (math.sqrt(2) * torch.erfinv(2 * u - 1) * math.sqrt(2 / fan_in)).float()
