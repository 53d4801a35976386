# right: torch.normal with a shape
import math
import torch


def xavier_init(fan_in, fan_out, generator):
    std = math.sqrt(2.0 / (fan_in + fan_out))
    return torch.normal(0.0, std, (fan_out, fan_in), generator=generator, device=generator.device)
