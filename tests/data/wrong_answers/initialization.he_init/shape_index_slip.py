# wrong: takes shape[0] for fan_in, but shape[0] is fan_out
import torch


def he_init(fan_in, fan_out, generator):
    w = torch.randn(fan_out, fan_in, generator=generator, device=generator.device)
    return w * (2 / w.shape[0]) ** 0.5
