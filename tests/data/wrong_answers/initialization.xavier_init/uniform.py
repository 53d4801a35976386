# wrong: Glorot uniform
import math
import torch


def xavier_init(fan_in, fan_out, generator):
    a = math.sqrt(6 / (fan_in + fan_out))
    return (torch.rand(fan_out, fan_in, generator=generator) * 2 - 1) * a
