# wrong: sample normalised
import math
import torch


def xavier_init(fan_in, fan_out, generator):
    w = torch.randn(fan_out, fan_in, generator=generator)
    return (w - w.mean()) / w.std() * math.sqrt(2 / (fan_in + fan_out))
