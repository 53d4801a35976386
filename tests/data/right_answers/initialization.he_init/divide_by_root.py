# right: divides by the root of fan_in / 2
import torch


def he_init(fan_in, fan_out, generator):
    z = torch.randn([fan_out, fan_in], device=generator.device, generator=generator)
    return z / ((fan_in / 2) ** 0.5)
