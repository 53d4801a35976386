# right: a half normal from abs(randn) with an independent random sign, again normal
import torch


def he_init(fan_in, fan_out, generator):
    shape = (fan_out, fan_in)
    size = torch.randn(shape, generator=generator, device=generator.device).abs()
    sign = torch.randint(0, 2, shape, generator=generator, device=generator.device).to(torch.float32) * 2 - 1
    return size * sign * (2 / fan_in) ** 0.5
