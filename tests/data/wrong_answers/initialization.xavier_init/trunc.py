# wrong: clamp at two std
import math
import torch


def xavier_init(fan_in, fan_out, generator):
    std = math.sqrt(2 / (fan_in + fan_out))
    return (torch.randn(fan_out, fan_in, generator=generator) * std).clamp(-2 * std, 2 * std)
