# right: Box-Muller from two uniforms
import math
import torch


def xavier_init(fan_in, fan_out, generator):
    u = 1 - torch.rand(fan_out, fan_in, generator=generator, device=generator.device)
    v = torch.rand(fan_out, fan_in, generator=generator, device=generator.device)
    z = torch.sqrt(-2 * torch.log(u)) * torch.cos(2 * math.pi * v)
    return z * math.sqrt(2 / (fan_in + fan_out))
